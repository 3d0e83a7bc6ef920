//! Which settings files there are.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::SettingsError;
use super::nearest::nearest;
use super::place::shown_path;

/// The endings of a settings file, the preferred first.
const EXTENSIONS: [&str; 2] = ["yaml", "yml"];

/// Finds `settings.yaml` in a folder or its nearest parent that has one.
pub(crate) fn settings_file(directory: &Path) -> Option<PathBuf> {
    directory
        .ancestors()
        .flat_map(|folder| EXTENSIONS.map(|extension| folder.join(format!("settings.{extension}"))))
        // A pipe or a link that leads nowhere is not passed over: who reads it says what is wrong with it.
        .find(|path| path.symlink_metadata().is_ok() && !path.is_dir())
}

/// The other spelling of a settings file, if it is there as well.
pub(crate) fn twin(file: &Path) -> Option<PathBuf> {
    let extension = file
        .extension()?
        .to_str()
        .filter(|own| EXTENSIONS.contains(own))?;
    let other = EXTENSIONS.into_iter().find(|other| extension != *other)?;
    Some(file.with_extension(other)).filter(|twin| twin.is_file())
}

/// Finds the file of a profile: `settings.<profile>.yaml` beside `settings.yaml`.
pub(crate) fn profile_file(
    settings: &Path,
    profile: &str,
    directory: &Path,
) -> Result<PathBuf, SettingsError> {
    let known = profiles(settings);
    if let Some((_, path)) = known.iter().find(|(name, _)| name == profile) {
        return Ok(path.clone());
    }
    let known: Vec<String> = known.into_iter().map(|(name, _)| name).collect();
    let wanted = settings.with_file_name(format!("{}.{profile}.yaml", stem(settings)));
    Err(SettingsError::UnknownProfile {
        profile: profile.to_owned(),
        file: shown_path(&wanted, directory),
        suggestion: nearest(profile, &known).map(str::to_owned),
        known,
    })
}

/// The profiles beside a settings file, in order, each with the preferred of its files.
fn profiles(settings: &Path) -> Vec<(String, PathBuf)> {
    let prefix = format!("{}.", stem(settings));
    let folder = settings.parent().unwrap_or(Path::new("."));
    let mut found: Vec<(String, PathBuf)> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let (name, extension) = name.strip_prefix(&prefix)?.rsplit_once('.')?;
            let known = !name.is_empty() && EXTENSIONS.contains(&extension);
            known.then(|| (name.to_owned(), entry.path()))
        })
        .collect();
    // `.yaml` sorts before `.yml`, so that it is the one that stays.
    found.sort();
    found.dedup_by(|later, earlier| later.0 == earlier.0);
    found
}

fn stem(settings: &Path) -> String {
    settings
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
