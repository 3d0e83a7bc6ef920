//! What the server would not show this role: to it that is as if there were none.

use super::Reading;
use crate::backend::error::DatabaseError;
use crate::schema::Name;

impl Reading<'_> {
    /// Asks for the rights without which tables and triggers are left out of every answer.
    pub(super) fn sight(&mut self) -> Result<(), DatabaseError> {
        let granted = self.rows(
            "SELECT PRIVILEGE_TYPE, 'all' FROM information_schema.USER_PRIVILEGES \
             WHERE PRIVILEGE_TYPE IN ('SELECT', 'TRIGGER') \
             UNION SELECT PRIVILEGE_TYPE, 'all' FROM information_schema.SCHEMA_PRIVILEGES \
             WHERE PRIVILEGE_TYPE IN ('SELECT', 'TRIGGER') AND DATABASE() LIKE TABLE_SCHEMA \
             UNION SELECT PRIVILEGE_TYPE, 'some' FROM information_schema.TABLE_PRIVILEGES \
             WHERE PRIVILEGE_TYPE IN ('SELECT', 'TRIGGER') AND TABLE_SCHEMA = DATABASE()",
        )?;
        let has = |right: &str, of: &[&str]| {
            let mut rows = granted.iter();
            rows.any(|row| row.text(0) == right && of.contains(&row.text(1)))
        };
        self.sees_triggers = has("TRIGGER", &["all", "some"]);
        // A role that has rights to some tables is shown these alone.
        if !has("SELECT", &["all"]) {
            self.leave("tables that this role may not see", Name::new("any"));
        }
        Ok(())
    }
}
