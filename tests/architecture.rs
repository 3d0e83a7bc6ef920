//! The shape of the source: who may use whom, and what must not stand anywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The layers, lowest first, and what each is for. A module uses those above its own row only.
const LAYERS: &[(&str, &str)] = &[
    ("error", "what every error can tell"),
    ("settings", "what the user asked for"),
    ("clock", "the time, from one place"),
    ("schema", "pure values: models, types, changes"),
    ("sql", "text: statements, their places and facts"),
    ("models", "the declared schema: table! files, their types"),
    ("ddl", "from differences to SQL, a folder for each dialect"),
    (
        "questioner",
        "what a difference cannot know, and the answers",
    ),
    (
        "backend",
        "the servers: the only place that knows one from another",
    ),
    ("migration", "what is on disk, and plans made of it"),
    ("history", "what the database remembers"),
    ("executor", "carries a plan out"),
    ("proof", "scratch databases: replaying, proving, verifying"),
    ("lint", "one rule a file"),
    ("ui", "the only printer and the only asker"),
    ("context", "what every command is given"),
    ("commands", "the only place where all meet"),
    ("cli", "from arguments to an exit code"),
];

/// Crates that have one home; the others ask that home.
const HOMES: &[(&str, &[&str])] = &[
    ("chrono", &["clock", "migration"]),
    ("clap", &["cli", "commands", "ui"]),
    ("clap_complete", &["commands"]),
    ("console", &["ui"]),
    ("dialoguer", &["ui"]),
    ("diesel", &["backend"]),
    ("diesel_async", &["backend"]),
    ("diesel_migrations", &["backend"]),
    ("dotenvy", &["settings"]),
    ("indicatif", &["ui"]),
    ("mysql_async", &["backend"]),
    ("rustls", &["backend"]),
    ("serde_yaml", &["settings", "commands"]),
    ("signal_hook", &["executor"]),
    ("tempfile", &["backend"]),
    ("tokio", &["backend"]),
    ("tokio_postgres", &["backend"]),
];

/// A file that is longer holds two subjects.
const MOST_LINES: usize = 500;

/// One file of the source, as the compiler reaches it.
struct Module {
    path: PathBuf,
    /// The part of the crate it belongs to: `settings`, `ui`.
    layer: String,
    /// What is compiled outside of tests, without comments; empty for a test module.
    code: Vec<(usize, String)>,
    lines: usize,
}

#[test]
fn a_module_uses_only_the_layers_below_its_own() {
    let mut wrong = Vec::new();
    for module in modules() {
        for (line, used) in uses(&module) {
            if let Some(row) = forbids(&module.layer, &used) {
                wrong.push(format!(
                    "{}:{line}: crate::{used}\n    {row}",
                    module.path.display()
                ));
            }
        }
    }
    assert_none("imports upwards", &wrong);
}

/// The row of the table that forbids it, in words.
fn forbids(layer: &str, used: &str) -> Option<String> {
    let rank = |name: &str| LAYERS.iter().position(|(layer, _)| *layer == name);
    // What the root of the crate exports has no layer of its own.
    let (used_at, own) = (rank(used)?, rank(layer)?);
    (used_at > own).then(|| {
        let below: Vec<_> = LAYERS[..own].iter().map(|(layer, _)| *layer).collect();
        format!(
            "`{layer}` ({}) may use: {}",
            LAYERS[own].1,
            below.join(", ")
        )
    })
}

#[test]
fn every_layer_stands_in_the_table() {
    let layers: BTreeSet<String> = modules().into_iter().map(|module| module.layer).collect();
    let known: BTreeSet<String> = LAYERS
        .iter()
        .map(|(layer, _)| (*layer).to_owned())
        .collect();
    let unknown: Vec<_> = layers
        .difference(&known)
        .filter(|layer| *layer != "lib")
        .cloned()
        .collect();
    assert_none("modules without a row in the table", &unknown);
}

#[test]
fn a_crate_is_used_in_its_home_only() {
    let mut wrong = Vec::new();
    for module in modules() {
        for (name, homes) in HOMES {
            if homes.contains(&module.layer.as_str()) {
                continue;
            }
            for (line, text) in &module.code {
                if words(text).any(|(word, rest)| word == *name && rest.starts_with("::")) {
                    let place = module.path.display();
                    wrong.push(format!(
                        "{place}:{line}: `{name}` belongs to {}",
                        homes.join(", ")
                    ));
                }
            }
        }
    }
    assert_none("crates away from home", &wrong);
}

#[test]
fn every_file_is_reached_from_the_root() {
    let reached: BTreeSet<PathBuf> = modules().into_iter().map(|module| module.path).collect();
    let mut lost: Vec<_> = files(Path::new("src"))
        .into_iter()
        .filter(|path| !reached.contains(path))
        .map(|path| path.display().to_string())
        .collect();
    lost.sort();
    assert_none("files that no `mod` names", &lost);
}

#[test]
fn every_file_of_a_test_program_is_part_of_it() {
    let mut lost = Vec::new();
    for item in fs::read_dir("tests").expect("the tests can be listed") {
        let folder = item.expect("the tests can be listed").path();
        let Ok(main) = fs::read_to_string(folder.join("main.rs")) else {
            continue;
        };
        for path in files(&folder) {
            let stem = path
                .file_stem()
                .and_then(|stem| stem.to_str())
                .unwrap_or_default();
            let below = path.parent() != Some(folder.as_path());
            let named = main
                .lines()
                .any(|line| line.trim() == format!("mod {stem};"));
            if stem != "main" && !below && !named {
                lost.push(path.display().to_string());
            }
        }
    }
    assert_none("tests that never run", &lost);
}

#[test]
fn every_command_is_in_the_list() {
    let list = fs::read_to_string("src/commands/registry.rs").expect("there is a list of commands");
    let mut missing = Vec::new();
    for module in modules().iter().filter(|module| module.layer == "commands") {
        for (_, text) in &module.code {
            let command = text
                .trim()
                .strip_prefix("impl Command for ")
                .and_then(|rest| rest.split(|c: char| !c.is_alphanumeric()).next());
            if let Some(command) = command
                && !list.contains(&format!("register::<{command}>("))
            {
                missing.push(format!("{}: {command}", module.path.display()));
            }
        }
    }
    assert_none("commands that nobody can type", &missing);
}

#[test]
fn nothing_is_left_to_be_done() {
    assert_without(|text| {
        ["todo!", "unimplemented!", "dbg!"]
            .iter()
            .any(|mark| text.contains(mark))
    });
    let mut marks = Vec::new();
    for path in files(Path::new("src")) {
        let text = fs::read_to_string(&path).expect("the source can be read");
        for (index, line) in text.lines().enumerate() {
            if words(line).any(|(word, _)| ["FIXME", "TODO", "XXX"].contains(&word)) {
                marks.push(format!("{}:{}: {}", path.display(), index + 1, line.trim()));
            }
        }
    }
    assert_none("marks of unfinished work", &marks);
}

#[test]
fn nothing_is_unwrapped() {
    assert_without(|text| text.contains(".unwrap()"));
}

#[test]
fn only_the_ui_prints() {
    let printers = ["print!", "println!", "eprint!", "eprintln!"];
    let mut found = Vec::new();
    for module in modules().iter().filter(|module| module.layer != "ui") {
        for (line, text) in &module.code {
            let prints = words(text).any(|(word, rest)| {
                rest.starts_with('!') && printers.contains(&format!("{word}!").as_str())
            });
            if prints {
                found.push(format!("{}:{line}: {}", module.path.display(), text.trim()));
            }
        }
    }
    assert_none("prints outside src/ui", &found);
}

#[test]
fn no_file_is_too_long() {
    let long: Vec<_> = modules()
        .iter()
        // A test module is one list of cases, and reads like one.
        .filter(|module| !module.code.is_empty() && module.lines > MOST_LINES)
        .map(|module| format!("{}: {} lines", module.path.display(), module.lines))
        .collect();
    assert_none(&format!("files of more than {MOST_LINES} lines"), &long);
}

#[track_caller]
fn assert_none(what: &str, found: &[String]) {
    assert!(found.is_empty(), "{what}:\n  {}\n", found.join("\n  "));
}

/// Stops the test if a line of code, outside of tests, is like that.
#[track_caller]
fn assert_without(is_bad: impl Fn(&str) -> bool) {
    let mut found = Vec::new();
    for module in modules() {
        for (line, text) in &module.code {
            if is_bad(text) {
                found.push(format!("{}:{line}: {}", module.path.display(), text.trim()));
            }
        }
    }
    assert_none("not to stand in the source", &found);
}

/// Every module that `mod` reaches from the root of the library.
fn modules() -> Vec<Module> {
    let mut found = Vec::new();
    visit(Path::new("src/lib.rs"), "lib", Reached::Always, &mut found);
    found
}

/// When a module is compiled.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reached {
    Always,
    InTests,
}

fn visit(path: &Path, layer: &str, reached: Reached, found: &mut Vec<Module>) {
    let text =
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let code = match reached {
        Reached::Always => code(&text),
        Reached::InTests => Vec::new(),
    };
    found.push(Module {
        path: path.to_owned(),
        layer: layer.to_owned(),
        code,
        lines: text.lines().count(),
    });
    for (name, own) in declared(&text) {
        let below = folder_of(path);
        let file = below.join(format!("{name}.rs"));
        let child = if file.is_file() {
            file
        } else {
            below.join(&name).join("mod.rs")
        };
        let layer = if layer == "lib" { &name } else { layer };
        let reached = if reached == Reached::InTests {
            reached
        } else {
            own
        };
        visit(&child, layer, reached, found);
    }
}

/// Where the children of a module are.
fn folder_of(path: &Path) -> PathBuf {
    match path.file_name().and_then(|name| name.to_str()) {
        Some("lib.rs" | "mod.rs" | "main.rs") => {
            path.parent().map(Path::to_owned).unwrap_or_default()
        }
        Some(_) | None => path.with_extension(""),
    }
}

/// The modules that a file declares, and when they are compiled.
fn declared(text: &str) -> Vec<(String, Reached)> {
    let mut found = Vec::new();
    let mut reached = Reached::Always;
    for line in text.lines().map(str::trim) {
        if line == "#[cfg(test)]" {
            reached = Reached::InTests;
        } else if !line.starts_with('#') && !line.starts_with("//") {
            if let Some(name) = line.strip_suffix(';').and_then(declaration) {
                found.push((name.to_owned(), reached));
            }
            reached = Reached::Always;
        }
    }
    found
}

/// The name in `mod name`, `pub mod name` or `pub(crate) mod name`.
fn declaration(text: &str) -> Option<&str> {
    let (before, name) = match text.strip_prefix("mod ") {
        Some(name) => ("", name),
        None => text.split_once(" mod ")?,
    };
    let is_name = name.chars().all(|c| c.is_alphanumeric() || c == '_');
    ((before.is_empty() || before.starts_with("pub")) && is_name).then_some(name)
}

/// The lines with their numbers, up to the tests at the end, without comments.
fn code(text: &str) -> Vec<(usize, String)> {
    let lines: Vec<&str> = text.lines().collect();
    let end = lines
        .windows(2)
        .position(|pair| {
            pair[0] == "#[cfg(test)]" && pair[1].starts_with("mod ") && pair[1].ends_with('{')
        })
        .unwrap_or(lines.len());
    lines[..end]
        .iter()
        .enumerate()
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        // A comment behind code has a blank before it; the `//` of a URL has none.
        .map(|(index, line)| {
            let code = line.split(" // ").next().unwrap_or_default();
            (index + 1, without_strings(code))
        })
        .collect()
}

/// A line with nothing between its double quotes: what is printed is no use of it.
fn without_strings(line: &str) -> String {
    let mut kept = String::with_capacity(line.len());
    let mut in_string = false;
    let mut is_escaped = false;
    for character in line.chars() {
        if character == '"' && !is_escaped {
            in_string = !in_string;
            kept.push(character);
        } else if !in_string {
            kept.push(character);
        }
        is_escaped = in_string && character == '\\' && !is_escaped;
    }
    kept
}

/// What a module names of the crate: the line, and the first word after `crate::`.
fn uses(module: &Module) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut lines = module.code.iter().peekable();
    while let Some((number, text)) = lines.next() {
        for (_, rest) in
            words(text).filter(|(word, rest)| *word == "crate" && rest.starts_with("::"))
        {
            let rest = &rest[2..];
            let Some(group) = rest.strip_prefix('{') else {
                found.extend(
                    words(rest)
                        .next()
                        .map(|(word, _)| (*number, word.to_owned())),
                );
                continue;
            };
            let mut group = group.to_owned();
            while !group.contains(';')
                && let Some((_, text)) = lines.peek()
            {
                group.push_str(text);
                lines.next();
            }
            found.extend(first_words(&group).into_iter().map(|word| (*number, word)));
        }
    }
    found
}

/// The first word of each item of `a::{b, c}, d}`.
fn first_words(group: &str) -> Vec<String> {
    let mut depth = 0_usize;
    let mut items = vec![String::new()];
    for character in group.chars() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => items.push(String::new()),
            other if depth == 0 => items.last_mut().expect("never empty").push(other),
            _ => {}
        }
    }
    items
        .iter()
        .filter_map(|item| words(item).next().map(|(word, _)| word.to_owned()))
        .collect()
}

/// Each word of a line, with what stands behind it.
fn words(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c| !is_part(c));
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(end);
        rest = behind;
        (!word.is_empty()).then_some((word, behind))
    })
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for item in fs::read_dir(folder).expect("the folder can be listed") {
        let path = item.expect("the folder can be listed").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

#[test]
fn the_reader_of_uses_sees_groups_paths_and_no_comments() {
    let text = "use crate::{\n    a::{b, c},\n    d,\n};\nuse crate::e;\nlet x = crate::f::g();\n\
                // use crate::h;\nlet y = 1; // crate::i\nlet u = \"sqlite://crate\";\n\
                #[cfg(test)]\nmod tests {\n    use crate::j;\n}\n";
    let module = Module {
        path: PathBuf::new(),
        layer: String::new(),
        code: code(text),
        lines: 0,
    };
    let used: BTreeMap<usize, Vec<String>> =
        uses(&module)
            .into_iter()
            .fold(BTreeMap::new(), |mut used, (line, word)| {
                used.entry(line).or_default().push(word);
                used
            });
    let expected = [(1, vec!["a", "d"]), (5, vec!["e"]), (6, vec!["f"])];
    let expected: BTreeMap<usize, Vec<String>> = expected
        .into_iter()
        .map(|(line, words)| (line, words.into_iter().map(str::to_owned).collect()))
        .collect();
    assert_eq!(used, expected);
}

#[test]
fn the_table_forbids_what_stands_below() {
    assert_eq!(forbids("ui", "executor"), None);
    assert_eq!(forbids("ui", "ui"), None);
    assert_eq!(forbids("ui", "Cli"), None);
    let expected =
        "`sql` (text: statements, their places and facts) may use: error, settings, clock, schema";
    assert_eq!(forbids("sql", "ui").as_deref(), Some(expected));
}
