//! What one session of MySQL or MariaDB sees of another one.

use std::time::Duration;

use crate::backend::blocker::Blocker;
use crate::backend::database::Session;
use crate::backend::error::DatabaseError;
use crate::backend::listed::is_listed;
use crate::backend::query::Query;
use crate::sql::Dialect;

/// Ways to learn who blocks session `{}`: its number and the table. Each server has some of them.
const WAYS: &[&str] = &[
    // Rows of InnoDB, on MySQL 8.
    "SELECT DISTINCT CAST(b.trx_mysql_thread_id AS CHAR), NULL \
     FROM performance_schema.data_lock_waits w \
     JOIN information_schema.innodb_trx r ON r.trx_id = w.requesting_engine_transaction_id \
     JOIN information_schema.innodb_trx b ON b.trx_id = w.blocking_engine_transaction_id \
     WHERE r.trx_mysql_thread_id = {}",
    // The same on MariaDB.
    "SELECT DISTINCT CAST(b.trx_mysql_thread_id AS CHAR), CAST(l.lock_table AS CHAR) \
     FROM information_schema.innodb_lock_waits w \
     JOIN information_schema.innodb_trx r ON r.trx_id = w.requesting_trx_id \
     JOIN information_schema.innodb_trx b ON b.trx_id = w.blocking_trx_id \
     LEFT JOIN information_schema.innodb_locks l ON l.lock_id = w.requested_lock_id \
     WHERE r.trx_mysql_thread_id = {}",
    // Tables, where the server keeps a record of that.
    "SELECT DISTINCT CAST(bt.processlist_id AS CHAR), w.object_name \
     FROM performance_schema.threads wt \
     JOIN performance_schema.metadata_locks w ON w.owner_thread_id = wt.thread_id AND w.lock_status = 'PENDING' \
     JOIN performance_schema.metadata_locks b ON b.object_type = w.object_type \
     AND b.object_schema = w.object_schema AND b.object_name = w.object_name \
     AND b.lock_status = 'GRANTED' AND b.owner_thread_id <> w.owner_thread_id \
     JOIN performance_schema.threads bt ON bt.thread_id = b.owner_thread_id \
     WHERE wt.processlist_id = {}",
    // The plugin of MariaDB for the same.
    "SELECT DISTINCT CAST(b.thread_id AS CHAR), b.table_name \
     FROM information_schema.processlist p \
     JOIN information_schema.metadata_lock_info b ON b.thread_id <> p.id AND b.table_schema = p.db \
     AND b.table_name <> '' AND LOCATE(b.table_name, p.info) > 0 \
     WHERE p.state LIKE 'Waiting for table metadata lock%' AND p.id = {}",
    // Nobody keeps a record of table locks: an open transaction in the same database, the oldest first.
    "SELECT CAST(t.trx_mysql_thread_id AS CHAR), NULL \
     FROM information_schema.processlist p \
     JOIN information_schema.innodb_trx t ON t.trx_mysql_thread_id <> p.id \
     JOIN information_schema.processlist o ON o.id = t.trx_mysql_thread_id AND o.db = p.db \
     WHERE p.state LIKE 'Waiting for table metadata lock%' AND p.id = {} ORDER BY t.trx_started LIMIT 1",
];

/// The number under which the server lists this session.
pub(super) fn number(session: &mut dyn Session) -> Result<Option<i64>, DatabaseError> {
    let rows = session.rows(&Query::new("SELECT CAST(connection_id() AS CHAR)"))?;
    Ok(rows.first().and_then(|row| row.integer(0)))
}

/// Whether the server still lists a session, a moment later too.
pub(super) fn has(session: &mut dyn Session, other: i64) -> Result<bool, DatabaseError> {
    let query = Query::new(
        "SELECT CAST(count(*) > 0 AS CHAR) FROM information_schema.processlist WHERE id = {}",
    )
    .integer(other);
    is_listed(session, &query)
}

/// Who keeps a session waiting, if it waits, as far as this server can tell.
pub(super) fn blockers(session: &mut dyn Session, waiting: i64) -> Vec<Blocker> {
    for way in WAYS {
        // A server that does not have these tables, or a role that may not read them, tells nothing.
        let rows = session
            .rows(&Query::new(*way).integer(waiting))
            .unwrap_or_default();
        let found: Vec<Blocker> = rows
            .iter()
            .filter_map(|row| {
                let object = row.optional(1).map(table);
                Some(described(session, row.integer(0)?, object))
            })
            .collect();
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// The table of ``` `shop`.`users` ```.
fn table(name: &str) -> String {
    let last = name.rsplit('.').next().unwrap_or(name);
    last.trim_matches('`').to_owned()
}

fn described(session: &mut dyn Session, number: i64, object: Option<String>) -> Blocker {
    let query = Query::new(
        "SELECT p.user, p.host, p.command, \
         CAST(COALESCE(TIMESTAMPDIFF(SECOND, t.trx_started, NOW()), p.time) AS CHAR), p.info, \
         CAST(t.trx_id AS CHAR) FROM information_schema.processlist p \
         LEFT JOIN information_schema.innodb_trx t ON t.trx_mysql_thread_id = p.id WHERE p.id = {}",
    )
    .integer(number);
    let rows = session.rows(&query).unwrap_or_default();
    let row = rows.first();
    let text = |column: usize| row.and_then(|row| row.optional(column)).map(str::to_owned);
    let state = match (text(2).as_deref(), text(5)) {
        (Some("Sleep"), Some(_)) => Some("idle in transaction".to_owned()),
        (Some("Sleep"), None) => Some("idle".to_owned()),
        (Some("Query"), _) => Some("at work".to_owned()),
        (command, _) => command.map(str::to_owned),
    };
    Blocker {
        object,
        session: Some(number),
        user: text(0),
        application: None,
        host: text(1),
        state,
        lasts: row
            .and_then(|row| row.integer(3))
            .and_then(|seconds| u64::try_from(seconds).ok())
            .map(Duration::from_secs),
        statement: Blocker::shown(&text(4).unwrap_or_default(), Dialect::Mysql),
        ends_by: Some(format!("KILL {number}")),
    }
}
