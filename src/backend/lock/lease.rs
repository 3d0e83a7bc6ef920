//! The lock where a session cannot hold one: a row that says who has it and for how long.
//!
//! A pooler may serve every transaction by another session, and a lock of a session then belongs to
//! whoever comes next. The row is taken by one statement, is prolonged all the time by whoever holds it,
//! and ends by itself when nobody does. Its clock is the server's.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use super::advisory::Key;
use super::backoff::random;
use super::claim::Claim;
use super::grip::Facts;
use super::holder::Holder;
use super::line::{Line, Login};
use super::named;
use crate::backend::database::Database;
use crate::backend::error::{DatabaseError, ErrorClass};
use crate::backend::query::Query;
use crate::sql::Dialect;

/// The table, made when it is first needed.
const TABLE: &str = "__manage_lock";

/// Where the table is on PostgreSQL: beside the ledger, or where that would be made. Two roles whose
/// search paths differ find one ledger, and have to find one row.
pub(super) const HOME: &str = "SELECT CAST(coalesce((SELECT n.nspname FROM pg_catalog.pg_class c \
     JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
     WHERE c.oid = to_regclass('__diesel_schema_migrations')), current_schema()) AS text)";

/// How long it lasts without being prolonged, in seconds.
const TERM: u64 = 30;

/// Before its end it counts as lost: the clocks are two.
const MARGIN: Duration = Duration::from_secs(5);

/// What has to be left of it when something is recorded, for that has to be committed yet.
const LEFT: &str = "INTERVAL '2' SECOND";

/// How often the table is made, where others make it at the same moment.
const ATTEMPTS: usize = 5;

/// The table as a session may name it.
#[derive(Clone, Debug)]
pub(super) struct Table {
    dialect: Dialect,
    /// With what it is in, so that no search path matters.
    name: String,
    /// Whether it is there, as a query.
    exists: String,
}

impl Table {
    pub(super) fn new(dialect: Dialect, home: Option<&str>) -> Self {
        let name = match home {
            Some(home) => format!("{}.{TABLE}", dialect.quote_identifier(home)),
            None => TABLE.to_owned(),
        };
        let exists = match dialect {
            Dialect::Mysql => format!(
                "SELECT CAST(COUNT(*) AS CHAR) FROM information_schema.tables \
                 WHERE table_schema = DATABASE() AND table_name = '{TABLE}'"
            ),
            Dialect::Postgres | Dialect::Sqlite => format!(
                "SELECT CAST(to_regclass({}) IS NOT NULL AS text)",
                dialect.quote_literal(&name)
            ),
        };
        Self {
            dialect,
            name,
            exists,
        }
    }

    /// The one that a working connection would have to look at.
    fn seen_from(database: &mut dyn Database) -> Result<Self, DatabaseError> {
        let dialect = database.dialect();
        let rows = match dialect {
            // Names belong to the connection's database there.
            Dialect::Mysql => Vec::new(),
            Dialect::Postgres | Dialect::Sqlite => database.rows(&Query::new(HOME))?,
        };
        let home = rows.first().and_then(|row| row.optional(0));
        Ok(Self::new(dialect, home))
    }

    fn now(&self) -> &'static str {
        match self.dialect {
            Dialect::Mysql => "UTC_TIMESTAMP(6)",
            Dialect::Postgres | Dialect::Sqlite => "clock_timestamp()",
        }
    }

    fn end(&self) -> String {
        match self.dialect {
            Dialect::Mysql => format!("UTC_TIMESTAMP(6) + INTERVAL {TERM} SECOND"),
            Dialect::Postgres | Dialect::Sqlite => {
                format!("clock_timestamp() + interval '{TERM} seconds'")
            }
        }
    }

    /// Whether somebody holds the lease.
    pub(super) async fn is_held(&self, line: &mut Line) -> Result<bool, DatabaseError> {
        if !line.is_true(&self.exists).await? {
            return Ok(false);
        }
        let held = format!(
            "SELECT CASE WHEN EXISTS (SELECT 1 FROM {} WHERE expires_at > {}) THEN '1' ELSE '0' END",
            self.name,
            self.now()
        );
        line.is_true(&held).await
    }

    async fn create(&self, line: &mut Line) -> Result<(), DatabaseError> {
        let (time, options) = match self.dialect {
            Dialect::Mysql => ("DATETIME(6)", " DEFAULT CHARACTER SET utf8mb4"),
            Dialect::Postgres | Dialect::Sqlite => ("TIMESTAMP WITH TIME ZONE", ""),
        };
        let create = format!(
            "CREATE TABLE IF NOT EXISTS {} (id SMALLINT PRIMARY KEY NOT NULL, \
             holder VARCHAR(64) NOT NULL, expires_at {time} NOT NULL, taken_at {time} NOT NULL, \
             doing VARCHAR(255) NOT NULL, performed_by VARCHAR(255) NOT NULL, \
             host VARCHAR(255) NOT NULL, pid BIGINT NOT NULL){options}",
            self.name
        );
        let mut attempt = 1;
        loop {
            if line.is_true(&self.exists).await? {
                return Ok(());
            }
            match line.rows(&create).await {
                Ok(_) => return Ok(()),
                // `IF NOT EXISTS` looks first and makes it then; another one may be faster.
                Err(error) if attempt == ATTEMPTS || error.class == ErrorClass::Permission => {
                    return Err(error);
                }
                Err(_) => attempt += 1,
            }
        }
    }
}

/// The row, and the session that prolongs it.
pub(super) struct Lease {
    login: Login,
    line: Option<Line>,
    table: Table,
    /// The database, of which the lock of those who need no lease is made.
    database: String,
    claim: Claim,
    /// Nobody else's.
    holder: String,
    good_until: Instant,
}

impl Lease {
    pub(super) async fn new(
        login: Login,
        mut line: Line,
        claim: Claim,
    ) -> Result<Self, DatabaseError> {
        let dialect = line.dialect();
        let (database, home) = match dialect {
            Dialect::Mysql => {
                let database = line.value(named::DATABASE).await?;
                (database.clone(), database)
            }
            Dialect::Postgres | Dialect::Sqlite => (
                line.value("SELECT current_database()").await?,
                line.value(HOME).await?,
            ),
        };
        let table = Table::new(dialect, home.as_deref());
        table.create(&mut line).await?;
        Ok(Self {
            login,
            line: Some(line),
            table,
            database: database.unwrap_or_default(),
            claim,
            holder: format!("{:016x}{:016x}", random(), random()),
            good_until: Instant::now(),
        })
    }

    pub(super) fn facts(&self) -> Facts {
        Facts {
            fence: format!(
                "EXISTS (SELECT 1 FROM {} WHERE holder = '{}' AND expires_at > {} + {LEFT})",
                self.table.name,
                self.holder,
                self.table.now()
            ),
            token: token(&self.holder),
            is_shared: false,
            key: None,
        }
    }

    /// Takes it if nobody has it, neither by the row nor by a session's lock.
    pub(super) async fn take(&mut self) -> Result<bool, DatabaseError> {
        let asked = Instant::now();
        let taken = match self.table.dialect {
            Dialect::Mysql => self.take_on_mysql().await?,
            Dialect::Postgres | Dialect::Sqlite => self.take_on_postgres().await?,
        };
        if taken {
            self.prolonged(asked);
        }
        Ok(taken)
    }

    fn values(&self) -> String {
        let text = |text: &str| {
            let short: String = text.chars().take(255).collect();
            self.table.dialect.quote_literal(&short)
        };
        format!(
            "1, '{}', {}, {}, {}, {}, {}, {}",
            self.holder,
            self.table.end(),
            self.table.now(),
            text(&self.claim.doing),
            text(&self.claim.user),
            text(&self.claim.host),
            self.claim.pid
        )
    }

    /// While this statement lasts it holds the lock of those who need no lease: they look for the row once
    /// they have that lock.
    async fn take_on_postgres(&mut self) -> Result<bool, DatabaseError> {
        let sql = format!(
            "INSERT INTO {table} AS lease ({COLUMNS}) SELECT {values} \
             WHERE {free} \
             ON CONFLICT (id) DO UPDATE SET {taken}, expires_at = {end} WHERE lease.expires_at < {now}",
            table = self.table.name,
            values = self.values(),
            free = Key::of(&self.database).is_free(),
            taken = each_column(|column| format!("{column} = excluded.{column}")),
            end = self.table.end(),
            now = self.table.now(),
        );
        Ok(self.line().await?.changed(&sql).await? > 0)
    }

    /// Takes the row first and looks for the lock of those who need none then; they do it the other way
    /// round, so that one of two always sees the other.
    async fn take_on_mysql(&mut self) -> Result<bool, DatabaseError> {
        let now = self.table.now();
        let sql = format!(
            "INSERT INTO {table} ({COLUMNS}) VALUES ({values}) ON DUPLICATE KEY UPDATE {taken}, \
             expires_at = IF(holder = VALUES(holder), VALUES(expires_at), expires_at)",
            table = self.table.name,
            values = self.values(),
            // Assigned from left to right, so what the others depend on is last.
            taken = each_column(|column| format!(
                "{column} = IF(expires_at < {now}, VALUES({column}), {column})"
            )),
        );
        let held = format!("SELECT holder FROM {} WHERE id = 1", self.table.name);
        let free = format!(
            "SELECT CAST(IS_FREE_LOCK('{}') AS CHAR)",
            named::name(&self.database)
        );
        let line = self.line().await?;
        line.rows(&sql).await?;
        if line.value(&held).await?.as_deref() != Some(self.holder.as_str()) {
            return Ok(false);
        }
        let line = self.line().await?;
        if line.is_true(&free).await? {
            return Ok(true);
        }
        self.release().await?;
        Ok(false)
    }

    /// Whether it is ours, and for how long from now on.
    pub(super) async fn holds(&mut self) -> Result<bool, DatabaseError> {
        let asked = Instant::now();
        let prolong = format!(
            "UPDATE {} SET expires_at = {} WHERE id = 1 AND holder = '{}'",
            self.table.name,
            self.table.end(),
            self.holder
        );
        let outcome = match self.line().await {
            Ok(line) => line.changed(&prolong).await,
            Err(error) => Err(error),
        };
        match outcome {
            Ok(0) => Ok(false),
            Ok(_) => {
                self.prolonged(asked);
                Ok(true)
            }
            Err(error) => {
                self.forget();
                Err(error)
            }
        }
    }

    /// The next question is asked by another session: the row outlives this one.
    pub(super) fn forget(&mut self) {
        self.line = None;
    }

    /// Whether it may still be ours although nobody can be asked.
    pub(super) fn may_be_held(&self) -> bool {
        Instant::now() < self.good_until
    }

    fn prolonged(&mut self, asked: Instant) {
        self.good_until = asked + Duration::from_secs(TERM).saturating_sub(MARGIN);
    }

    pub(super) async fn release(&mut self) -> Result<bool, DatabaseError> {
        let release = format!(
            "DELETE FROM {} WHERE id = 1 AND holder = '{}'",
            self.table.name, self.holder
        );
        Ok(self.line().await?.changed(&release).await? > 0)
    }

    pub(super) fn into_line(self) -> Option<Line> {
        self.line
    }

    async fn line(&mut self) -> Result<&mut Line, DatabaseError> {
        let line = if let Some(line) = self.line.take() {
            line
        } else {
            let ignored = Arc::new(AtomicBool::new(false));
            let opened = self.login.open(&ignored).await;
            opened.map_err(|error| DatabaseError::new(ErrorClass::Lost, error.to_string()))?
        };
        Ok(self.line.insert(line))
    }
}

const COLUMNS: &str = "id, holder, expires_at, taken_at, doing, performed_by, host, pid";

/// What becomes of the columns that say who has it.
fn each_column(assign: impl Fn(&str) -> String) -> String {
    let columns = ["holder", "taken_at", "doing", "performed_by", "host", "pid"];
    columns.map(assign).join(", ")
}

/// Who has it, as the row tells.
pub(super) fn holder(database: &mut dyn Database) -> Result<Option<Holder>, DatabaseError> {
    let table = Table::seen_from(database)?;
    let exists = database.rows(&Query::new(&table.exists))?;
    if !exists.first().is_some_and(|row| row.is_true(0)) {
        return Ok(None);
    }
    let text = table.dialect.text_type();
    let taken = match table.dialect {
        Dialect::Mysql => format!("CAST(taken_at AS {text})"),
        Dialect::Postgres | Dialect::Sqlite => {
            "to_char(taken_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')".to_owned()
        }
    };
    let rows = database.rows(&Query::new(format!(
        "SELECT holder, doing, performed_by, host, CAST(pid AS {text}), {taken} \
         FROM {} WHERE expires_at > {}",
        table.name,
        table.now()
    )))?;
    Ok(rows.first().map(|row| Holder {
        pid: row.integer(4),
        user: row.optional(2).map(str::to_owned),
        application: row.optional(1).map(str::to_owned),
        host: row.optional(3).map(str::to_owned),
        since: row
            .optional(5)
            .map(|since| since.chars().take(19).collect()),
        token: Some(token(row.text(0))),
    }))
}

/// What the token of a lease begins with.
pub(super) const TOKEN: &str = "lease:";

fn token(holder: &str) -> String {
    format!("{TOKEN}{holder}")
}

/// Deletes the row of one who has it; how many that were.
pub(super) fn delete(database: &mut dyn Database, holder: &str) -> Result<usize, DatabaseError> {
    let table = Table::seen_from(database)?.name;
    let delete = format!("DELETE FROM {table} WHERE id = 1 AND holder = {{}}");
    database.execute(&Query::new(delete).text(holder))
}
