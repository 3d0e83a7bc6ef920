//! Whose files are followed without being named.
//!
//! Settings are looked for in the folders above, and any of those may be a place where others write, such
//! as `/tmp`. What they say decides which programs run, so it has to be of somebody who is trusted anyway.

use std::path::Path;

use super::environment::Environment;
use super::error::SettingsError;

/// Refuses a file or folder that was found and is somebody else's.
///
/// Trusted are the user, the administrator, who the working folder belongs to, and who a file belongs to
/// that was `named`. A folder that everybody may write to vouches for nobody.
#[cfg(unix)]
pub(crate) fn check(
    found: &Path,
    named: Option<&Path>,
    environment: &Environment,
) -> Result<(), SettingsError> {
    use std::fs;
    use std::os::unix::fs::MetadataExt;

    const ADMINISTRATOR: u32 = 0;
    let Some(user) = environment.user else {
        return Ok(());
    };
    let here = fs::metadata(&environment.directory)
        .ok()
        .filter(|folder| folder.mode() & 0o002 == 0);
    if here.is_some() && found.parent() == Some(&environment.directory) {
        return Ok(());
    }
    let mut trusted = vec![user, ADMINISTRATOR];
    trusted.extend(here.map(|folder| folder.uid()));
    trusted.extend(named.and_then(|named| fs::metadata(named).ok().map(|file| file.uid())));
    // A link is as good as who laid it, and as what it leads to.
    for metadata in [fs::symlink_metadata(found), fs::metadata(found)] {
        let owner = metadata.map_or(user, |metadata| metadata.uid());
        if !trusted.contains(&owner) {
            return Err(SettingsError::Foreign {
                path: super::place::shown_path(found, &environment.directory),
                owner,
            });
        }
    }
    Ok(())
}

/// Where files have no owners, there is nothing to refuse.
#[cfg(not(unix))]
pub(crate) fn check(
    _found: &Path,
    _named: Option<&Path>,
    _environment: &Environment,
) -> Result<(), SettingsError> {
    Ok(())
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    use tempfile::TempDir;

    use super::*;

    /// A folder with `settings.yaml`, a folder in it, and a user.
    fn project(user: impl Fn(u32) -> u32) -> (TempDir, Environment) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("settings.yaml"), "").unwrap();
        fs::create_dir(folder.path().join("here")).unwrap();
        let owner = fs::metadata(folder.path()).unwrap().uid();
        let environment = Environment {
            directory: folder.path().join("here"),
            user: Some(user(owner)),
            ..Environment::default()
        };
        (folder, environment)
    }

    fn everybody_writes(folder: &Path) {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o1777)).unwrap();
    }

    #[test]
    fn ones_own_file_is_followed() {
        let (folder, environment) = project(|owner| owner);
        everybody_writes(&environment.directory);
        assert!(check(&folder.path().join("settings.yaml"), None, &environment).is_ok());
    }

    #[test]
    fn who_the_working_folder_belongs_to_is_trusted_unless_everybody_writes_there() {
        let (folder, environment) = project(|_| 4_000_000);
        let found = folder.path().join("settings.yaml");
        assert!(check(&found, None, &environment).is_ok());
        everybody_writes(&environment.directory);
        let owner = fs::metadata(&found).unwrap().uid();
        // The administrator may say what to do, whoever asks.
        assert_eq!(check(&found, None, &environment).is_ok(), owner == 0);
    }

    #[test]
    fn what_lies_where_everybody_writes_has_to_be_named() {
        let (folder, mut environment) = project(|_| 4_000_000);
        let found = folder.path().join("settings.yaml");
        environment.directory = folder.path().to_owned();
        everybody_writes(folder.path());
        let owner = fs::metadata(&found).unwrap().uid();
        if owner == 0 && std::os::unix::fs::chown(&found, Some(4_000_001), None).is_err() {
            return;
        }
        let error = check(&found, None, &environment).unwrap_err();
        assert!(
            error.to_string().contains("belongs to another user"),
            "{error}"
        );
        assert!(check(&found, Some(&found), &environment).is_ok());
    }

    #[test]
    fn a_link_of_somebody_elses_to_ones_own_file_is_not_followed() {
        let (folder, environment) = project(|owner| owner);
        everybody_writes(&environment.directory);
        let link = folder.path().join("link.yaml");
        std::os::unix::fs::symlink(folder.path().join("settings.yaml"), &link).unwrap();
        assert!(check(&link, None, &environment).is_ok());
        // Only the administrator can give files away.
        if std::os::unix::fs::lchown(&link, Some(4_000_001), None).is_ok() {
            assert!(check(&link, None, &environment).is_err());
        }
    }
}
