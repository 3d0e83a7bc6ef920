//! What moves, what it is called then, and what it follows.

use std::fs;
use std::path::Path;

use chrono::TimeZone;
use tempfile::TempDir;

use super::*;
use crate::migration::relocate;

/// Migrations, each with what its metadata.toml says below `[manage]`; `-` is no such file.
fn folder(migrations: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, manage) in migrations {
        put(folder.path(), name, manage);
    }
    folder
}

fn put(folder: &Path, name: &str, manage: &str) {
    let path = folder.join(name);
    fs::create_dir_all(&path).unwrap();
    fs::write(path.join("up.sql"), "SELECT 1;\n").unwrap();
    if manage != "-" {
        let text = format!("run_in_transaction = true\n\n[manage]\n{manage}\n");
        fs::write(path.join("metadata.toml"), text).unwrap();
    }
}

fn load(folders: &[&Path]) -> (Directory, Graph) {
    let folders: Vec<PathBuf> = folders.iter().map(|folder| (*folder).to_owned()).collect();
    let directory = Directory::load(&folders).unwrap();
    let graph = Graph::load(&directory);
    (directory, graph)
}

fn plan_in(folders: &[&Path], versions: &[&str], applied: &[&str]) -> Result<Rebase, RebaseError> {
    let (directory, graph) = load(folders);
    let versions: Vec<Version> = versions.iter().map(|text| Version::parse(text)).collect();
    let applied: Vec<Version> = applied.iter().map(|text| Version::parse(text)).collect();
    let mine = with_followers(&graph, &versions);
    let paths = directory
        .entries()
        .iter()
        .filter(|entry| mine.contains(&entry.version))
        .map(|entry| entry.path.clone())
        .collect();
    let now = Utc.with_ymd_and_hms(2026, 11, 20, 10, 15, 0).unwrap();
    Rebase::of(&directory, &graph, &paths, &applied, now)
}

fn plan(folder: &TempDir, versions: &[&str]) -> Rebase {
    plan_in(&[folder.path()], versions, &[]).unwrap()
}

/// A line for each that moves: its name, the new one, and what is written into its `depends_on`.
fn told(rebase: &Rebase) -> String {
    let line = |one: &Move| {
        let written = one.depends_on.as_ref().map(|versions| {
            let versions: Vec<_> = versions.iter().map(Version::as_str).collect();
            format!("  depends_on {versions:?}")
        });
        format!(
            "{} -> {}: {:?}{}\n",
            one.name,
            one.new_name,
            one.follows,
            written.unwrap_or_default()
        )
    };
    let lines: Vec<String> = rebase.moves.iter().map(line).collect();
    lines.concat()
}

#[test]
fn a_branch_goes_after_the_other_and_stays_what_it_was() {
    let folder = folder(&[
        ("1_base", "-"),
        ("2_mine", "depends_on = ['1']"),
        ("3_mine_too", "depends_on = ['2', '1'] # both"),
        ("4_theirs", "depends_on = ['1']"),
        ("5_theirs_too", "depends_on = ['4']"),
    ]);
    let rebase = plan(&folder, &["2"]);
    insta::assert_snapshot!(told(&rebase), @r#"
    2_mine -> 6_mine: ["5_theirs_too"]  depends_on ["5"]
    3_mine_too -> 7_mine_too: ["6_mine", "1_base"]  depends_on ["6", "1"]
    "#);
    relocate(&rebase.relocation().unwrap()).unwrap();
    let (directory, graph) = load(&[folder.path()]);
    assert!(graph.divergences().is_empty());
    assert!(graph.faults().is_empty());
    let names: Vec<_> = directory
        .entries()
        .iter()
        .map(|entry| &entry.name)
        .collect();
    assert_eq!(
        names,
        ["1_base", "4_theirs", "5_theirs_too", "6_mine", "7_mine_too"]
    );
    let metadata = folder.path().join("7_mine_too/metadata.toml");
    insta::assert_snapshot!(fs::read_to_string(metadata).unwrap(), @r#"
    run_in_transaction = true

    [manage]
    depends_on = ["6", '1'] # both
    "#);
    assert!(plan(&folder, &["6"]).is_empty());
}

#[test]
fn one_that_sorts_last_already_keeps_its_name() {
    let folder = folder(&[
        ("1_base", "-"),
        ("2_theirs", "depends_on = ['1']"),
        ("3_mine", "depends_on = ['1']"),
    ]);
    insta::assert_snapshot!(told(&plan(&folder, &["3"])), @r#"3_mine -> 3_mine: ["2_theirs"]  depends_on ["2"]"#);
    // Unless a database knows a newer one.
    let rebase = plan_in(&[folder.path()], &["3"], &["3", "8"]).unwrap();
    insta::assert_snapshot!(told(&rebase), @r#"3_mine -> 9_mine: ["2_theirs"]  depends_on ["2"]"#);
}

#[test]
fn a_chain_of_diesel_needs_no_metadata() {
    let folder = folder(&[("1_a", "-"), ("2_mine", "-"), ("3_theirs", "-")]);
    insta::assert_snapshot!(told(&plan(&folder, &["2"])), @r#"2_mine -> 4_mine: ["3_theirs"]"#);
}

#[test]
fn where_the_place_would_tell_something_else_it_is_written_down() {
    // Nothing is said of mine, but the newest has a label, so it is not what mine goes on from.
    let folder = folder(&[
        ("1_base", "-"),
        ("2_mine", "-"),
        ("3_theirs", "depends_on = ['1']"),
        ("4_billing", "depends_on = ['1']\nlabels = ['billing']"),
    ]);
    let rebase = plan(&folder, &["2"]);
    insta::assert_snapshot!(told(&rebase), @r#"2_mine -> 5_mine: ["3_theirs"]  depends_on ["3"]"#);
    relocate(&rebase.relocation().unwrap()).unwrap();
    let metadata = folder.path().join("5_mine/metadata.toml");
    insta::assert_snapshot!(fs::read_to_string(metadata).unwrap(), @r#"
    run_in_transaction = true

    [manage]
    depends_on = ["3"]
    "#);
}

#[test]
fn a_branch_with_a_label_goes_on_from_its_own_line() {
    let folder = folder(&[
        ("1_base", "-"),
        ("2_billing", "depends_on = ['1']\nlabels = ['billing']"),
        ("3_mine", "depends_on = ['2']"),
        ("4_theirs", "depends_on = ['2']"),
        ("5_main", "depends_on = ['1']"),
    ]);
    insta::assert_snapshot!(told(&plan(&folder, &["3"])), @r#"3_mine -> 6_mine: ["4_theirs"]  depends_on ["4"]"#);
}

#[test]
fn what_it_follows_in_another_folder_stays() {
    let one = folder(&[
        ("1_base", "depends_on = []"),
        ("3_mine", "depends_on = ['1', '2']"),
        ("4_theirs", "depends_on = ['1']"),
    ]);
    let two = folder(&[("2_shared", "depends_on = []")]);
    let rebase = plan_in(&[one.path(), two.path()], &["3"], &[]).unwrap();
    insta::assert_snapshot!(told(&rebase), @r#"3_mine -> 5_mine: ["2_shared", "4_theirs"]  depends_on ["2", "4"]"#);
}

#[test]
fn two_that_have_nothing_in_common_are_put_into_one_line() {
    let folder = folder(&[
        ("1_base", "-"),
        ("2_mine", "depends_on = ['1']"),
        ("3_also_mine", "depends_on = ['1']"),
        ("4_theirs", "depends_on = ['1']"),
    ]);
    insta::assert_snapshot!(told(&plan(&folder, &["2", "3"])), @r#"
    2_mine -> 5_mine: ["4_theirs"]  depends_on ["4"]
    3_also_mine -> 6_also_mine: ["5_mine"]  depends_on ["5"]
    "#);
}

#[test]
fn the_name_of_a_head_stands_for_its_side() {
    let folder = folder(&[
        ("1_base", "-"),
        ("2_mine", "depends_on = ['1']"),
        ("3_mine_too", "depends_on = ['2']"),
        ("4_theirs", "depends_on = ['1']"),
        ("5_billing", "depends_on = ['1']\nlabels = ['billing']"),
    ]);
    let (_, graph) = load(&[folder.path()]);
    let all = |text: &str| with_their_sides(&graph, &[Version::parse(text)]);
    let versions = |texts: &[&str]| -> Vec<Version> {
        texts.iter().map(|text| Version::parse(text)).collect()
    };
    assert_eq!(all("3"), versions(&["2", "3"]));
    assert_eq!(all("4"), versions(&["4"]));
    assert_eq!(all("1"), versions(&["1"]));
    assert_eq!(all("5"), versions(&["5"]));
}

#[test]
fn a_dependency_that_sorts_too_late_is_put_right() {
    let folder = folder(&[
        ("1_base", "-"),
        ("2_early", "depends_on = ['3']"),
        ("3_late", "depends_on = ['1']"),
    ]);
    let (_, graph) = load(&[folder.path()]);
    assert_eq!(graph.faults().len(), 1);
    let rebase = plan(&folder, &["2"]);
    insta::assert_snapshot!(told(&rebase), @r#"2_early -> 4_early: ["3_late"]"#);
    relocate(&rebase.relocation().unwrap()).unwrap();
    let (_, graph) = load(&[folder.path()]);
    assert!(graph.faults().is_empty());
}

#[test]
fn a_folder_that_somebody_wrote_into_meanwhile_is_left_alone() {
    let folder = folder(&[
        ("1_base", "-"),
        ("2_mine", "depends_on = ['1']"),
        ("3_theirs", "depends_on = ['1']"),
    ]);
    let relocation = plan(&folder, &["2"]).relocation().unwrap();
    put(folder.path(), "4_new", "depends_on = ['3']");
    let error = relocate(&relocation).unwrap_err();
    assert!(error.to_string().ends_with("was changed meanwhile"));
    let relocation = plan(&folder, &["2"]).relocation().unwrap();
    fs::write(folder.path().join("2_mine/metadata.toml"), "# other\n").unwrap();
    let error = relocate(&relocation).unwrap_err();
    assert!(error.to_string().ends_with("was changed meanwhile"));
    assert!(folder.path().join("2_mine").exists());
    // Nothing is left behind.
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 4);
}

#[test]
fn what_fails_half_way_is_taken_back() {
    let folder = folder(&[
        ("1_base", "-"),
        ("2_mine", "depends_on = ['1']"),
        ("3_mine_too", "-"),
        ("4_theirs", "depends_on = ['1']"),
    ]);
    let relocation = plan(&folder, &["2"]).relocation().unwrap();
    assert_eq!(relocation.renames.len(), 2);
    // A file that no migration is: nobody looks at it until its name is wanted.
    fs::write(folder.path().join("6_mine_too"), "").unwrap();
    let error = relocate(&relocation).unwrap_err();
    assert!(error.to_string().ends_with("is in the way"), "{error}");
    let text = fs::read_to_string(folder.path().join("2_mine/metadata.toml")).unwrap();
    assert!(text.contains("depends_on = ['1']"));
    assert!(!folder.path().join("3_mine_too/metadata.toml").exists());
}

#[test]
fn one_of_two_with_the_same_version_leaves_the_other_what_follows_it() {
    let folder = folder(&[
        ("1_base", "-"),
        ("2_keeps", "depends_on = ['1']"),
        ("2_moves", "depends_on = ['1']"),
        ("3_after", "depends_on = ['2']"),
    ]);
    let (directory, graph) = load(&[folder.path()]);
    let now = Utc.with_ymd_and_hms(2026, 11, 20, 10, 15, 0).unwrap();
    for (name, told_is) in [
        (
            "2_moves",
            "2_moves -> 4_moves: [\"3_after\"]  depends_on [\"3\"]\n",
        ),
        (
            "2_keeps",
            "2_keeps -> 4_keeps: [\"3_after\"]  depends_on [\"3\"]\n",
        ),
    ] {
        let paths = [folder.path().join(name)].into();
        let rebase = Rebase::of(&directory, &graph, &paths, &[], now).unwrap();
        assert_eq!(told(&rebase), told_is);
    }
}

#[test]
fn one_that_others_follow_does_not_move_alone() {
    let folder = folder(&[
        ("1_a", "-"),
        ("2_b", "-"),
        ("3_c", "depends_on = ['2']"),
        ("4_d", "-"),
    ]);
    let (directory, graph) = load(&[folder.path()]);
    let now = Utc.with_ymd_and_hms(2026, 11, 20, 10, 15, 0).unwrap();
    let paths = [folder.path().join("2_b")].into();
    let error = Rebase::of(&directory, &graph, &paths, &[], now).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`3_c` follows `2_b` and stays where it is"
    );
}
