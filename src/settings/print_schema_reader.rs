//! Reads `print_schema` of a `diesel.toml`.

use std::ops::Range;
use std::path::Path;

use toml_edit::{Item, TableLike, Value};

use super::choice::{Choice, one_of};
use super::diesel_project::{DEFAULT, Reader};
use super::error::SettingsError;
use super::print_schema::{Docs, Pattern, PrintSchema, TableChoice};

/// The key of the one table in `print_schema` that is no `print_schema.<key>`.
const FILTER: &str = "filter";

impl Reader<'_> {
    /// `print_schema` itself, unless it says nothing, and each `print_schema.<key>`.
    pub(super) fn print_schemas(
        &self,
        table: &dyn TableLike,
        folder: &Path,
    ) -> Result<Vec<PrintSchema>, SettingsError> {
        let is_nested = |key: &str, item: &Item| key != FILTER && item.as_table_like().is_some();
        let mut found = Vec::new();
        if table.iter().any(|(key, item)| !is_nested(key, item)) {
            found.push(self.print_schema(table, "print_schema", DEFAULT, folder)?);
        }
        for (key, item) in table.iter().filter(|(key, item)| is_nested(key, item)) {
            if let Some(nested) = item.as_table_like() {
                let within = format!("print_schema.{key}");
                let one = self.print_schema(nested, &within, key, folder)?;
                // `diesel` takes the nested one where both are there.
                found.retain(|other: &PrintSchema| other.key != one.key);
                found.push(one);
            }
        }
        Ok(found)
    }

    fn print_schema(
        &self,
        table: &dyn TableLike,
        within: &str,
        key: &str,
        folder: &Path,
    ) -> Result<PrintSchema, SettingsError> {
        let section = Section {
            reader: self,
            table,
            within,
        };
        let usual = PrintSchema::default();
        Ok(PrintSchema {
            key: key.to_owned(),
            file: self.path(table, within, "file", folder)?,
            docs: section.docs()?.unwrap_or(usual.docs),
            same_query: section
                .choice("allow_tables_to_appear_in_same_query_config")?
                .unwrap_or(usual.same_query),
            tables: section.filter()?,
            column_sorting: section
                .choice("column_sorting")?
                .unwrap_or(usual.column_sorting),
            namespace: section.text("schema")?,
            patch_file: self.path(table, within, "patch_file", folder)?,
            import_types: section.texts("import_types")?,
            declare_custom_types: section
                .flag("generate_missing_sql_type_definitions")?
                .unwrap_or(usual.declare_custom_types),
            undeclared: section.patterns("except_custom_type_definitions")?,
            custom_type_derives: section.texts("custom_type_derives")?,
            sqlite_integer_primary_key_is_bigint: section
                .flag("sqlite_integer_primary_key_is_bigint")?
                .unwrap_or_default(),
            domains_as_custom_types: section.patterns("pg_domains_as_custom_types")?,
        })
    }
}

/// A text and its place.
type Placed = (String, Option<Range<usize>>);

/// One table of the file.
struct Section<'a> {
    reader: &'a Reader<'a>,
    table: &'a dyn TableLike,
    within: &'a str,
}

impl Section<'_> {
    fn docs(&self) -> Result<Option<Docs>, SettingsError> {
        match self.item("with_docs").and_then(Item::as_bool) {
            Some(true) => Ok(Some(Docs::Always)),
            Some(false) => Ok(Some(Docs::None)),
            None => self.choice("with_docs"),
        }
    }

    fn filter(&self) -> Result<TableChoice, SettingsError> {
        let Some(item) = self.item(FILTER) else {
            return Ok(TableChoice::All);
        };
        let hint = "write filter = { only_tables = [\"users\"] }, or except_tables";
        let wrong = || self.wrong(FILTER, "must be one list of tables", item.span(), hint);
        let section = Section {
            reader: self.reader,
            table: item.as_table_like().ok_or_else(wrong)?,
            within: &format!("{}.{FILTER}", self.within),
        };
        let only = section.item("only_tables").is_some();
        let except = section.item("except_tables").is_some();
        match (only, except) {
            (true, true) => Err(wrong()),
            (true, false) => section.patterns("only_tables").map(TableChoice::Only),
            (false, true) => section.patterns("except_tables").map(TableChoice::Except),
            (false, false) => Ok(TableChoice::All),
        }
    }

    fn item(&self, key: &str) -> Option<&Item> {
        self.table.get(key).filter(|item| !Item::is_none(item))
    }

    fn choice<C: Choice>(&self, key: &str) -> Result<Option<C>, SettingsError> {
        let Some(item) = self.item(key) else {
            return Ok(None);
        };
        let words: Vec<_> = C::VALUES.iter().map(|value| value.word()).collect();
        let expected = format!("must be {}", one_of(&words));
        let hint = "see https://diesel.rs/guides/configuring-diesel-cli";
        item.as_str()
            .and_then(|word| C::of(word).ok())
            .ok_or_else(|| self.wrong(key, &expected, item.span(), hint))
            .map(Some)
    }

    fn flag(&self, key: &str) -> Result<Option<bool>, SettingsError> {
        let Some(item) = self.item(key) else {
            return Ok(None);
        };
        let wrong = || self.wrong(key, "must be true or false", item.span(), "without quotes");
        item.as_bool().ok_or_else(wrong).map(Some)
    }

    fn text(&self, key: &str) -> Result<Option<String>, SettingsError> {
        let Some(item) = self.item(key) else {
            return Ok(None);
        };
        let wrong = || self.wrong(key, "must be a text", item.span(), "write it in quotes");
        item.as_str()
            .ok_or_else(wrong)
            .map(|text| Some(text.to_owned()))
    }

    fn texts(&self, key: &str) -> Result<Vec<String>, SettingsError> {
        Ok(self
            .strings(key)?
            .into_iter()
            .map(|(text, _)| text)
            .collect())
    }

    fn patterns(&self, key: &str) -> Result<Vec<Pattern>, SettingsError> {
        let hint = "patterns are regular expressions: https://docs.rs/regex";
        self.strings(key)?
            .into_iter()
            .map(|(text, span)| {
                let wrong = |_| self.wrong(key, "must hold patterns", span, hint);
                Pattern::new(&text).map_err(wrong)
            })
            .collect()
    }

    /// A list of texts, each with its place.
    fn strings(&self, key: &str) -> Result<Vec<Placed>, SettingsError> {
        let Some(item) = self.item(key) else {
            return Ok(Vec::new());
        };
        let hint = "write it as a list: [\"one\", \"two\"]";
        let wrong = |span| self.wrong(key, "must be a list of texts", span, hint);
        let list = item.as_array().ok_or_else(|| wrong(item.span()))?;
        list.iter()
            .map(|value: &Value| match value.as_str() {
                Some(text) => Ok((text.to_owned(), value.span())),
                None => Err(wrong(value.span())),
            })
            .collect()
    }

    fn wrong(
        &self,
        key: &str,
        expected: &str,
        span: Option<Range<usize>>,
        hint: &'static str,
    ) -> SettingsError {
        let message = format!("`{}.{key}` {expected}", self.within);
        self.reader.error(&message, span, hint)
    }
}

#[cfg(test)]
mod tests {
    use crate::settings::testing::Project;
    use crate::settings::{
        ColumnSorting, Docs, Pattern, PrintSchema, SameQuery, SettingsError, TableChoice,
    };

    fn project(toml: &str) -> Project {
        Project::new()
            .variable("DATABASE_URL", "a.db")
            .file("diesel.toml", toml)
    }

    fn of(project: &Project, key: Option<&str>) -> Result<PrintSchema, SettingsError> {
        let settings = project.load()?;
        settings.print_schema(&settings.connection(None)?, key)
    }

    fn error(toml: &str) -> String {
        let project = project(toml);
        project.show(&of(&project, None).unwrap_err())
    }

    #[test]
    fn every_key_of_diesel_counts() {
        let project = project(
            r#"
[print_schema]
file = "src/schema.rs"
with_docs = "only-database-comments"
allow_tables_to_appear_in_same_query_config = "fk_related_tables"
filter = { except_tables = ["^old_", "tmp"] }
column_sorting = "name"
schema = "billing"
patch_file = "src/schema.patch"
import_types = ["diesel::sql_types::*"]
generate_missing_sql_type_definitions = false
except_custom_type_definitions = ["Vector"]
custom_type_derives = ["diesel::query_builder::QueryId"]
sqlite_integer_primary_key_is_bigint = true
pg_domains_as_custom_types = ["."]
"#,
        );
        let root = project.environment.directory.clone();
        let pattern = |text: &str| Pattern::new(text).unwrap();
        assert_eq!(
            of(&project, None).unwrap(),
            PrintSchema {
                key: "default".into(),
                file: Some(root.join("src/schema.rs")),
                docs: Docs::Comments,
                same_query: SameQuery::Related,
                tables: TableChoice::Except(vec![pattern("^old_"), pattern("tmp")]),
                column_sorting: ColumnSorting::Name,
                namespace: Some("billing".into()),
                patch_file: Some(root.join("src/schema.patch")),
                import_types: vec!["diesel::sql_types::*".into()],
                declare_custom_types: false,
                undeclared: vec![pattern("Vector")],
                custom_type_derives: vec!["diesel::query_builder::QueryId".into()],
                sqlite_integer_primary_key_is_bigint: true,
                domains_as_custom_types: vec![pattern(".")],
            }
        );
    }

    #[test]
    fn a_key_chooses_one_of_several() {
        let project = project(
            "[print_schema]\nwith_docs = true\n[print_schema.billing]\nschema = \"billing\"\n",
        );
        assert_eq!(of(&project, None).unwrap().docs, Docs::Always);
        let billing = of(&project, Some("billing")).unwrap();
        assert_eq!(billing.namespace.as_deref(), Some("billing"));
        assert_eq!(billing.docs, Docs::None);
        insta::assert_snapshot!(project.show(&of(&project, Some("biling")).unwrap_err()), @"
        error: there is no `print_schema.biling` in diesel.toml
        hint: did you mean `billing`?
        ");
    }

    #[test]
    fn a_filter_takes_tables_by_any_part_of_their_name() {
        let choice = |toml: &str| of(&project(toml), None).unwrap().tables;
        let only = choice("print_schema.filter.only_tables = ['user', '^a$']");
        assert!(only.takes("users") && only.takes("a") && !only.takes("ab"));
        let except = choice("print_schema.filter = { except_tables = ['user'] }");
        assert!(!except.takes("users") && except.takes("posts"));
        assert!(choice("print_schema.filter = {}").takes("users"));
    }

    #[test]
    fn what_is_written_wrong_is_named_with_its_place() {
        insta::assert_snapshot!(error("print_schema.with_docs = 'yes'"), @"
        error: `print_schema.with_docs` must be `database-comments-fallback-to-auto-generated-doc-comment`, `only-database-comments` or `no-doc-comments` at diesel.toml:1:26
        hint: see https://diesel.rs/guides/configuring-diesel-cli
        ");
        insta::assert_snapshot!(error("[print_schema]\nimport_types = 'a'"), @r#"
        error: `print_schema.import_types` must be a list of texts at diesel.toml:2:16
        hint: write it as a list: ["one", "two"]
        "#);
        insta::assert_snapshot!(error("[print_schema]\nimport_types = ['a', 1]"), @r#"
        error: `print_schema.import_types` must be a list of texts at diesel.toml:2:22
        hint: write it as a list: ["one", "two"]
        "#);
        insta::assert_snapshot!(error("print_schema.filter.only_tables = ['(']"), @"
        error: `print_schema.filter.only_tables` must hold patterns at diesel.toml:1:36
        hint: patterns are regular expressions: https://docs.rs/regex
        ");
        insta::assert_snapshot!(error("print_schema.filter = 'a'"), @r#"
        error: `print_schema.filter` must be one list of tables at diesel.toml:1:23
        hint: write filter = { only_tables = ["users"] }, or except_tables
        "#);
        insta::assert_snapshot!(
            error("print_schema.filter = { only_tables = ['a'], except_tables = ['b'] }"), @r#"
            error: `print_schema.filter` must be one list of tables at diesel.toml:1:23
            hint: write filter = { only_tables = ["users"] }, or except_tables
            "#
        );
        insta::assert_snapshot!(error("print_schema.schema = 1"), @"
        error: `print_schema.schema` must be a text at diesel.toml:1:23
        hint: write it in quotes
        ");
        insta::assert_snapshot!(
            error("print_schema.generate_missing_sql_type_definitions = 'no'"), @"
            error: `print_schema.generate_missing_sql_type_definitions` must be true or false at diesel.toml:1:54
            hint: without quotes
            "
        );
    }

    #[test]
    fn files_that_are_kept_are_those_that_are_named() {
        let kept = |project: &Project| {
            let settings = project.load().unwrap();
            settings
                .kept_schemas(&settings.connection(None).unwrap())
                .into_iter()
                .map(|one| {
                    let file = one.file.unwrap();
                    let file = file.strip_prefix(&project.environment.directory);
                    (one.key, file.unwrap().display().to_string())
                })
                .collect::<Vec<_>>()
        };
        let pair = |key: &str, file: &str| (key.to_owned(), file.to_owned());
        let toml = "[print_schema.a]\nfile = 'a.rs'\n[print_schema.b]\nfile = 'b.rs'\n\
                    [print_schema.c]\nwith_docs = true\n";
        assert_eq!(kept(&project(toml)), [pair("a", "a.rs"), pair("b", "b.rs")]);

        let settings = "connections: { main: { url: a.db, schema_file: c.rs } }";
        let project = project("[print_schema]\nfile = 'a.rs'\n").file("settings.yaml", settings);
        assert_eq!(kept(&project), [pair("default", "c.rs")]);
    }
}
