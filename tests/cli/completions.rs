//! Completions for shells.

use std::process::Command;

use insta::assert_snapshot;

use crate::support::Project;

#[test]
fn every_shell_has_its_script() {
    let project = Project::new();
    for (shell, beginning) in [
        ("bash", "_manage() {"),
        ("zsh", "#compdef manage"),
        ("fish", "# Print an optspec for argparse"),
        ("elvish", "\nuse builtin;"),
        (
            "powershell",
            "\nusing namespace System.Management.Automation",
        ),
    ] {
        let output = project.run(&format!("completions {shell}")).ok();
        assert_eq!(output.stderr, "");
        assert!(output.stdout.starts_with(beginning), "{shell}: {output}");
    }
}

#[test]
fn an_unknown_shell_lists_the_known_ones() {
    assert_snapshot!(Project::new().run("completions tcsh"), @"
    --- stderr ---
    error: invalid value 'tcsh' for '<SHELL>'
      [possible values: bash, elvish, fish, powershell, zsh]

      tip: a similar value exists: 'zsh'

    For more information, try '--help'.
    [exit 2]
    ");
}

/// What bash would offer after these words.
fn offered(words: &[&str]) -> Vec<String> {
    let project = Project::new();
    let script = project.run("completions bash").ok().answer;
    project.file("manage.bash", script);
    let line = words
        .iter()
        .map(|word| format!("'{word}'"))
        .collect::<Vec<_>>()
        .join(" ");
    let last = words.last().copied().unwrap_or_default();
    let before = words.len().checked_sub(2).map_or("", |index| words[index]);
    let ask = format!(
        "source manage.bash; COMP_WORDS=({line}); COMP_CWORD={}; \
         _manage manage '{last}' '{before}'; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        words.len() - 1
    );
    let output = Command::new("bash")
        .current_dir(project.root())
        .args(["--norc", "-c", &ask])
        .output()
        .expect("there is a bash");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().map(str::to_owned).collect()
}

#[test]
fn bash_completes_commands_and_flags() {
    assert_eq!(offered(&["manage", "mi"]), ["migrate"]);
    assert_eq!(
        offered(&["manage", "createdb", "--migr"]),
        ["--migration-dir"]
    );
    assert_eq!(offered(&["manage", "upgrade", "--pl"]), ["--plan"]);
    assert_eq!(offered(&["manage", "--color", "a"]), ["auto", "always"]);
    assert!(
        !offered(&["manage", "d"]).contains(&"db".to_owned()),
        "what stands in no list is not offered"
    );
}
