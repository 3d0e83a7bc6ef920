//! Tables and views, by name; and what is in the database beside them.

use super::Reading;
use crate::backend::error::DatabaseError;
use crate::schema::{Name, Table, TableOptions, View};

impl Reading<'_> {
    pub(super) fn tables(&mut self) -> Result<(), DatabaseError> {
        let rows = self.rows(
            "SELECT TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_COLLATION, CREATE_OPTIONS, TABLE_COMMENT \
             FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()",
        )?;
        for row in rows {
            let name = Name::new(row.text(0));
            if name.name.starts_with("__") {
                continue;
            }
            match row.text(1) {
                "BASE TABLE" => {}
                "VIEW" => {
                    self.schema.views.push(View {
                        name,
                        ..View::default()
                    });
                    continue;
                }
                "SEQUENCE" => {
                    self.leave("sequences", name);
                    continue;
                }
                "SYSTEM VERSIONED" => {
                    self.leave("system-versioned tables", name);
                    continue;
                }
                // `TEMPORARY` and `SYSTEM VIEW`, and whatever comes next.
                _ => continue,
            }
            let options = row.text(4);
            if options.split(' ').any(|option| option == "partitioned") {
                self.leave("partitions of tables", name.clone());
            }
            self.schema.tables.push(Table {
                name,
                comment: filled(row.text(5)),
                options: TableOptions {
                    engine: row.optional(2).map(str::to_owned),
                    collation: row.optional(3).map(str::to_owned),
                    storage: storage(options),
                    ..TableOptions::default()
                },
                ..Table::default()
            });
        }
        // Looked up by halving from here on.
        self.schema.tables.sort_by(|a, b| a.name.cmp(&b.name));
        self.schema.views.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(())
    }

    pub(super) fn events(&mut self) -> Result<(), DatabaseError> {
        let rows = self.rows(
            "SELECT EVENT_NAME FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()",
        )?;
        for row in rows {
            self.leave("events", Name::new(row.text(0)));
        }
        Ok(())
    }
}

/// What else a table was declared with, in the server's own words.
fn storage(options: &str) -> Option<String> {
    let kept: Vec<_> = options
        .split(' ')
        .filter(|option| !option.is_empty() && *option != "partitioned")
        .collect();
    filled(&kept.join(" "))
}

/// A text, if there is one.
pub(super) fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
