//! What the documentation says is true: its commands are run, its settings read, its lists complete.
//!
//! Every `console` block of a page is played from top to bottom, and what it shows must be what is
//! printed, but for times and the version of `manage`. A comment above a block says where it is played:
//!
//! - `<!-- docs: example -->`: in a new copy of the example project
//! - `<!-- docs: diesel -->`: in a new Diesel project, which knows nothing of `manage`
//! - `<!-- docs: file PATH -->`: the block is the content of that file, and is written
//!
//! Without one, it goes on where the block before it left off. With `MANAGE_UPDATE_DOCS=1` the pages
//! are rewritten with what is printed, which is then to be read.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// The pages with blocks to play and settings to read.
const PAGES: [&str; 2] = ["README.md", "docs/settings.md"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[track_caller]
fn read(path: &str) -> String {
    match fs::read_to_string(root().join(path)) {
        Ok(text) => text,
        Err(error) => panic!("{path}: {error}"),
    }
}

/// `manage` with nothing of this machine around it.
fn hermetic(program: &str, folder: &Path) -> Command {
    let manage = Path::new(env!("CARGO_BIN_EXE_manage"));
    let beside = manage.parent().expect("a program is in a folder");
    let mut command = Command::new(program);
    command
        .current_dir(folder)
        .env_clear()
        .env("PATH", format!("{}:/usr/bin:/bin", beside.display()))
        .env("HOME", folder)
        .env("USER", "ada")
        .env("LC_ALL", "C")
        .env("SOURCE_DATE_EPOCH", "1795169700")
        .stdin(Stdio::null());
    command
}

fn manage(arguments: &[&str], folder: &Path) -> (bool, String) {
    let mut command = hermetic(env!("CARGO_BIN_EXE_manage"), folder);
    let output = command.args(arguments).output().expect("manage starts");
    let text = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&text).into_owned(),
    )
}

/// A fenced block of a page.
struct Block<'a> {
    /// The line of its first fence, from 0.
    start: usize,
    /// The line of its last fence.
    end: usize,
    language: &'a str,
    lines: Vec<&'a str>,
    /// What the comment right above it says.
    comment: Option<&'a str>,
}

fn blocks(page: &str) -> Vec<Block<'_>> {
    let lines: Vec<&str> = page.lines().collect();
    let mut blocks = Vec::new();
    let mut line = 0;
    while line < lines.len() {
        if let Some(language) = lines[line].strip_prefix("```") {
            let length = lines[line + 1..].iter().position(|line| *line == "```");
            let end = line + 1 + length.expect("every block is closed");
            let above = line.checked_sub(1).map_or("", |above| lines[above]);
            blocks.push(Block {
                start: line,
                end,
                language,
                lines: lines[line + 1..end].to_vec(),
                comment: above
                    .strip_prefix("<!-- docs: ")
                    .and_then(|rest| rest.strip_suffix(" -->")),
            });
            line = end;
        }
        line += 1;
    }
    blocks
}

#[cfg(unix)]
mod play {
    use diesel::{Connection, SqliteConnection};
    use diesel_migrations::{FileBasedMigrations, HarnessWithOutput, MigrationHarness};

    use super::*;

    /// Commands that are shown and not run: they bring the project, or take longer than a test may.
    const NOT_RUN: [&str; 4] = [
        "git clone ",
        "cargo install ",
        "tests/run",
        "cargo run --example ",
    ];

    /// The folder in which a page's commands run.
    struct Session {
        folder: TempDir,
        /// What `$?` is.
        status: i32,
    }

    impl Session {
        fn new() -> Self {
            let folder = tempfile::Builder::new().prefix("docs").tempdir();
            Self {
                folder: folder.expect("there is room for a folder"),
                status: 0,
            }
        }

        fn path(&self, name: &str) -> PathBuf {
            self.folder.path().join(name)
        }

        fn write(&self, name: &str, text: &str) {
            let path = self.path(name);
            fs::create_dir_all(path.parent().expect("a file is in a folder"))
                .and_then(|()| fs::write(&path, text))
                .unwrap_or_else(|error| panic!("{name}: {error}"));
        }

        /// The project of this repository.
        fn example() -> Self {
            let session = Self::new();
            for name in ["settings.yaml", "manage", "migrations"] {
                session.copy(name);
            }
            session
        }

        fn copy(&self, name: &str) {
            let from = root().join(name);
            if from.is_file() {
                return self.write(name, &read(name));
            }
            for entry in fs::read_dir(&from).expect("the example is there") {
                let below = entry.expect("the example can be read").file_name();
                self.copy(&format!("{name}/{}", below.to_string_lossy()));
            }
        }

        /// A shop as `diesel setup` and `diesel migration generate` leave one.
        fn diesel() -> Self {
            let session = Self::new();
            for (name, text) in [
                (".env", "DATABASE_URL=sqlite://shop.db\n"),
                (
                    "diesel.toml",
                    "[print_schema]\nfile = \"src/schema.rs\"\n\n\
                     [migrations_directory]\ndir = \"migrations\"\n",
                ),
                ("src/schema.rs", ""),
                (
                    "migrations/2026-01-10-080000-0000_create_products/up.sql",
                    "CREATE TABLE products (\n    id INTEGER PRIMARY KEY NOT NULL,\n    \
                     name TEXT NOT NULL\n);\n\
                     INSERT INTO products (name) VALUES ('Tea'), ('Coffee'), ('Cake');\n",
                ),
                (
                    "migrations/2026-01-10-080000-0000_create_products/down.sql",
                    "DROP TABLE products;\n",
                ),
                (
                    "migrations/2026-02-14-120000-0000_create_orders/up.sql",
                    "CREATE TABLE orders (\n    id INTEGER PRIMARY KEY NOT NULL,\n    \
                     product_id INTEGER NOT NULL REFERENCES products (id)\n);\n",
                ),
                (
                    "migrations/2026-02-14-120000-0000_create_orders/down.sql",
                    "DROP TABLE orders;\n",
                ),
            ] {
                session.write(name, text);
            }
            session
        }

        /// What a command prints, on both streams as a terminal shows them.
        fn run(&mut self, command: &str) -> String {
            if let Some(verb) = command.strip_prefix("diesel migration ") {
                return self.run_diesel(verb);
            }
            let command = match command.strip_prefix("cargo run -- ") {
                Some(arguments) => format!("manage {arguments}"),
                None => command.to_owned(),
            };
            let (reader, writer) = std::io::pipe().expect("there is a pipe");
            let mut child = hermetic("sh", self.folder.path())
                .arg("-c")
                .arg(format!("(exit {}); {command}", self.status))
                .stdout(writer.try_clone().expect("there is a pipe"))
                .stderr(writer)
                .spawn()
                .expect("there is a shell");
            let printed = std::io::read_to_string(reader).expect("it prints text");
            let status = child.wait().expect("it ends");
            self.status = status.code().unwrap_or(-1);
            printed
        }

        /// What the `diesel` command does, by the library that does it there.
        fn run_diesel(&mut self, verb: &str) -> String {
            let database = self.path("shop.db").display().to_string();
            let mut connection =
                SqliteConnection::establish(&database).expect("the database opens");
            let migrations = FileBasedMigrations::from_path(self.path("migrations"))
                .expect("Diesel can read the migrations");
            let mut printed = Vec::new();
            let mut harness = HarnessWithOutput::new(&mut connection, &mut printed);
            let outcome = match verb {
                "run" => harness.run_pending_migrations(migrations).map(drop),
                "revert" => harness.revert_last_migration(migrations).map(drop),
                other => panic!("`diesel migration {other}` cannot be run here"),
            };
            outcome.expect("Diesel succeeds");
            self.status = 0;
            String::from_utf8(printed).expect("Diesel prints text")
        }
    }

    /// The lines of a block with what its commands print now.
    fn replay(session: &mut Session, block: &Block<'_>) -> Vec<String> {
        let mut lines = Vec::new();
        let mut keeps = false;
        for line in &block.lines {
            let Some(command) = line.strip_prefix("$ ") else {
                if keeps {
                    lines.push((*line).to_owned());
                }
                continue;
            };
            lines.push((*line).to_owned());
            keeps = NOT_RUN
                .iter()
                .any(|beginning| command.starts_with(beginning));
            if !keeps {
                lines.extend(session.run(command).lines().map(str::to_owned));
            }
        }
        lines
    }

    /// A page as it would be if its commands were run now.
    fn replayed(page: &str) -> String {
        let mut lines: Vec<Vec<String>> = page.lines().map(|line| vec![line.to_owned()]).collect();
        let mut session = Session::new();
        for block in blocks(page) {
            match block.comment {
                Some("example") => session = Session::example(),
                Some("diesel") => session = Session::diesel(),
                Some(comment) => match comment.strip_prefix("file ") {
                    Some(name) => session.write(name, &(block.lines.join("\n") + "\n")),
                    None => panic!("`docs: {comment}` is not known"),
                },
                None => {}
            }
            if block.language != "console" {
                continue;
            }
            let now = replay(&mut session, &block);
            let shown = block.lines.join("\n");
            // What differs by its times alone stays as it is.
            if plain(&now.join("\n")) != plain(&shown) {
                lines[block.start + 1..block.end].fill(Vec::new());
                lines[block.start].extend(now);
            }
        }
        lines.concat().join("\n") + "\n"
    }

    /// A text without what no two runs have in common: durations, times, and the version.
    fn plain(text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(character) = rest.chars().next() {
            let length = variable(rest, &out).unwrap_or(0);
            if length > 0 {
                out.push('#');
                rest = &rest[length..];
            } else {
                out.push(character);
                rest = &rest[character.len_utf8()..];
            }
        }
        out
    }

    /// How much of the beginning of a text is such a thing.
    fn variable(rest: &str, before: &str) -> Option<usize> {
        const TIME: &str = "0000-00-00 00:00:00";
        if before.ends_with(|last: char| last.is_ascii_alphanumeric() || "-.".contains(last)) {
            return None;
        }
        let start = rest.get(..TIME.len()).unwrap_or_default();
        let shape: String = start
            .chars()
            .map(|c| if c.is_ascii_digit() { '0' } else { c })
            .collect();
        if shape == TIME {
            return Some(TIME.len());
        }
        let number = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(rest.len());
        if number == 0 {
            return None;
        }
        if before.ends_with("\"milliseconds\":") || before.ends_with("manage ") {
            return Some(number);
        }
        [" ms", " s"].into_iter().find_map(|unit| {
            let after = rest[number..].strip_prefix(unit)?;
            let ends = !after.starts_with(|next: char| next.is_ascii_alphanumeric());
            ends.then_some(number + unit.len())
        })
    }

    #[test]
    fn commands_print_what_the_pages_show() {
        for name in PAGES {
            let page = read(name);
            let now = replayed(&page);
            if page == now {
                continue;
            }
            #[expect(
                clippy::disallowed_methods,
                reason = "a developer asks for new pages by it"
            )]
            let update = std::env::var_os("MANAGE_UPDATE_DOCS").is_some();
            if update {
                fs::write(root().join(name), now).expect("the page can be written");
                continue;
            }
            let (page, now) = (plain(&page), plain(&now));
            let diff = similar::TextDiff::from_lines(&page, &now);
            panic!(
                "{name} does not show what is printed:\n{}\nto rewrite it: \
                 MANAGE_UPDATE_DOCS=1 cargo test --test docs",
                diff.unified_diff()
                    .context_radius(3)
                    .header("shown", "printed")
            );
        }
    }

    #[test]
    fn only_times_and_versions_are_left_out_of_the_comparison() {
        for (text, expected) in [
            (
                "applied a  (2 statements, 8.2 ms)",
                "applied a  (2 statements, #)",
            ),
            ("applied in 1.5 s.", "applied in #."),
            ("took 12 ms", "took #"),
            (
                "{\"milliseconds\":6.5,\"pending\":2}",
                "{\"milliseconds\":#,\"pending\":2}",
            ),
            ("2026-11-20 10:15:00 UTC", "# UTC"),
            ("manage 0.1.0", "manage #"),
            ("2026-11-20-101500_add_users", "2026-11-20-101500_add_users"),
            ("3 statements", "3 statements"),
        ] {
            assert_eq!(plain(text), expected);
        }
    }
}

/// The first column of every table that is headed by `heading`, without its backticks.
fn first_column(page: &str, heading: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut inside = false;
    for line in page.lines() {
        let first = line
            .strip_prefix("| ")
            .and_then(|row| row.split(" | ").next());
        match first.map(str::trim) {
            Some(cell) if cell == heading => inside = true,
            Some(cell) if inside => {
                // A cell may hold several: `a`, `b`.
                found.extend(cell.split('`').skip(1).step_by(2).map(str::to_owned));
            }
            Some(_) => {}
            None => inside &= line.starts_with("|--"),
        }
    }
    assert!(!found.is_empty(), "there is no table headed `{heading}`");
    found
}

/// The words in quotes of a list that is declared somewhere below a folder of the sources.
fn listed(folder: &str, declaration: &str) -> BTreeSet<String> {
    let mut texts = sources(folder).into_iter().map(|file| read(&file));
    let list = texts.find_map(|text| {
        let (_, after) = text.split_once(declaration)?;
        after.split_once("];").map(|(list, _)| list.to_owned())
    });
    let list = list.unwrap_or_else(|| panic!("`{declaration}` is nowhere in {folder}"));
    list.split('"')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_settings_reference_names_every_key_and_no_other() {
    let mut accepted = listed("src/settings", "const KEYS: &[&str] = &[");
    for source in ["src/settings/file.rs", "src/settings/hooks.rs"] {
        for line in read(source).lines() {
            let line = line.trim();
            let field = line.strip_prefix("pub(crate) ").unwrap_or(line);
            if let Some((name, kind)) = field.split_once(": ")
                && kind.starts_with("Given<")
                && line.ends_with(',')
            {
                accepted.insert(name.to_owned());
            }
        }
    }
    assert_eq!(first_column(&read("docs/settings.md"), "key"), accepted);
}

#[test]
fn the_settings_reference_names_every_option_of_a_server_and_no_other() {
    let page = read("docs/settings.md");
    for (heading, backend) in [("PostgreSQL option", "postgres"), ("MySQL option", "mysql")] {
        let known = listed(
            &format!("src/backend/{backend}"),
            "const KNOWN: &[&str] = &[",
        );
        assert_eq!(first_column(&page, heading), known);
    }
}

#[test]
fn the_settings_shown_are_understood() {
    for name in PAGES {
        for block in blocks(&read(name)) {
            let text = block.lines.join("\n");
            if block.language != "yaml" || !text.contains("connections:") {
                continue;
            }
            let folder = TempDir::new().expect("there is room for a folder");
            fs::write(folder.path().join("settings.yaml"), &text).expect("it can be written");
            // Of several folders each has to be there.
            let lists = text
                .lines()
                .filter_map(|line| line.split_once("migrations: ["));
            for name in lists.flat_map(|(_, list)| list.trim_end_matches(']').split(", ")) {
                fs::create_dir_all(folder.path().join(name)).expect("there is room for a folder");
            }
            let mut command = hermetic(env!("CARGO_BIN_EXE_manage"), folder.path());
            // Whatever an example takes from the environment is there.
            for variable in text
                .split("${")
                .skip(1)
                .filter_map(|rest| rest.split(['}', ':']).next())
            {
                command.env(variable, "value");
            }
            let output = command
                .args(["check", "--all"])
                .output()
                .expect("manage starts");
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(
                output.status.success(),
                "{name}:{}: {said}",
                block.start + 1
            );
        }
    }
}

/// The built-in commands, as the help lists them.
fn commands() -> BTreeSet<String> {
    let (_, help) = manage(&["--help"], root());
    let (_, rest) = help
        .split_once("<COMMAND>\n")
        .expect("the usage comes first");
    let (list, _) = rest
        .split_once("\nEverywhere:\n")
        .expect("the options come last");
    list.lines()
        // What is indented further goes on from the line above.
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_readme_names_every_command_and_no_other() {
    assert_eq!(first_column(&read("README.md"), "command"), commands());
}

#[test]
fn the_readme_names_every_flag() {
    let readme = read("README.md");
    for command in commands() {
        let (_, help) = manage(&[&command, "--help"], root());
        for line in help.lines().filter(|line| line.starts_with("  ")) {
            let words = line.split_whitespace().take(2);
            for flag in words.filter(|word| word.starts_with("--")) {
                let flag = flag.split(['[', '.', ']', ':']).next().unwrap_or_default();
                assert!(
                    readme.contains(flag),
                    "`{command} {flag}` is not in the README"
                );
            }
        }
    }
}

#[test]
fn every_command_line_in_the_text_is_understood() {
    for name in ["README.md", "docs/settings.md", "ARCHITECTURE.md"] {
        let page = read(name);
        let inline = page.lines().filter(|line| !line.starts_with("```"));
        for code in inline.flat_map(|line| line.split('`').skip(1).step_by(2)) {
            let Some(arguments) = code.strip_prefix("manage ") else {
                continue;
            };
            let mut arguments: Vec<&str> = arguments
                .split_whitespace()
                .map(|word| word.trim_matches('"'))
                .collect();
            // The help stands in for the deed; what comes before it is parsed all the same.
            arguments.push("--help");
            let (understood, said) = manage(&arguments, root());
            assert!(understood, "{name}: `{code}`: {said}");
        }
    }
}

#[test]
fn links_lead_somewhere() {
    for name in [
        "README.md",
        "docs/settings.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
    ] {
        let page = read(name);
        let folder = Path::new(name).parent().expect("a page is in a folder");
        for link in page
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            if link.contains("://") {
                continue;
            }
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let path = if path.is_empty() {
                PathBuf::from(name)
            } else {
                folder.join(path)
            };
            assert!(root().join(&path).exists(), "{name}: {link}");
            if !anchor.is_empty() {
                let target = read(&path.display().to_string());
                assert!(anchors(&target).contains(anchor), "{name}: {link}");
            }
        }
    }
}

#[test]
fn files_that_the_architecture_names_are_there() {
    let page = read("ARCHITECTURE.md");
    for path in page.split('`').skip(1).step_by(2) {
        if path.starts_with("src/") {
            assert!(root().join(path).exists(), "{path}");
        }
    }
}

/// The names that headings can be linked by.
fn anchors(page: &str) -> BTreeSet<String> {
    let headings = page.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|heading| {
            let text = heading.trim_start_matches('#').trim().to_lowercase();
            text.chars()
                .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
                .map(|c| if c == ' ' { '-' } else { c })
                .collect()
        })
        .collect()
}

#[test]
fn the_program_shown_is_the_one_that_is_compiled() {
    let program = read("examples/own_command.rs");
    let readme = read("README.md");
    let shown: Vec<String> = blocks(&readme)
        .iter()
        .filter(|block| block.language == "rust" && block.comment.is_none())
        .map(|block| block.lines.join("\n") + "\n")
        .collect();
    let (_, code) = program
        .split_once("\n\n")
        .expect("the program begins with what it is");
    assert_eq!(shown, [code]);
}

/// The layers of ARCHITECTURE.md in their order, each with those that it may use.
fn layers(page: &str) -> Vec<(&str, BTreeSet<&str>)> {
    let (_, table) = page
        .split_once("| layer | may use |")
        .expect("the layers are listed");
    let rows = table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    rows.map(|row| {
        let mut cells = row
            .split('|')
            .skip(1)
            .map(|cell| cell.split('`').skip(1).step_by(2));
        let layer = cells.next().and_then(|mut names| names.next());
        let may_use = cells.next().into_iter().flatten().collect();
        (layer.expect("a layer has a name"), may_use)
    })
    .collect()
}

/// The Rust files below a folder.
fn sources(folder: &str) -> Vec<String> {
    let mut files = Vec::new();
    for entry in fs::read_dir(root().join(folder)).expect("the folder can be read") {
        let name = entry.expect("the folder can be read").file_name();
        let path = format!("{folder}/{}", name.to_string_lossy());
        if root().join(&path).is_dir() {
            files.extend(sources(&path));
        } else if Path::new(&path)
            .extension()
            .is_some_and(|ending| ending == "rs")
        {
            files.push(path);
        }
    }
    files
}

#[test]
fn the_layers_of_the_architecture_are_those_of_the_sources() {
    let page = read("ARCHITECTURE.md");
    let layers = layers(&page);
    for (index, (layer, may_use)) in layers.iter().enumerate() {
        let before = layers[..index].iter().map(|(name, _)| *name).collect();
        assert!(
            may_use.is_subset(&before),
            "`{layer}` may use what stands after it"
        );
    }
    for file in sources("src") {
        let module = file
            .split('/')
            .nth(1)
            .unwrap_or_default()
            .trim_end_matches(".rs");
        if module == "lib" {
            continue;
        }
        let layer = layers.iter().find(|(layer, _)| *layer == module);
        let Some((_, may_use)) = layer else {
            panic!("`{module}` is no layer")
        };
        for path in read(&file).split("crate::").skip(1) {
            let is_name = |c: char| c.is_ascii_lowercase() || c == '_';
            let used = &path[..path.find(|c| !is_name(c)).unwrap_or(path.len())];
            let allowed = used.is_empty() || used == module || may_use.contains(used);
            assert!(allowed, "{file}: `{module}` may not use `{used}`");
        }
    }
}
