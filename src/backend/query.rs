//! One way to ask any server a question: SQL with bound values in, rows of text out.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, QueryableByName};
use diesel::expression::QueryMetadata;
use diesel::query_builder::{AstPass, Query as DieselQuery, QueryFragment, QueryId};
use diesel::query_dsl::RunQueryDsl;
use diesel::result::QueryResult;
use diesel::row::{Field, NamedRow, Row as DieselRow};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, HasSqlType, Nullable, Text, Untyped};

/// A statement with its values. `{}` in the text stands for a value and becomes `$1` or `?`; without any
/// value it is what the text says, which may be part of a name or of somebody else's condition.
///
/// The text is the key of the connection's cache of prepared statements, so the same question asked
/// a thousand times is prepared once.
#[derive(Clone, Debug)]
pub struct Query {
    text: String,
    values: Vec<Value>,
}

#[derive(Clone, Debug)]
enum Value {
    Text(Option<String>),
    Integer(Option<i64>),
}

impl Query {
    /// Starts a query from its text.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            values: Vec::new(),
        }
    }

    /// Binds the next `{}` to a text.
    #[must_use]
    pub fn text(mut self, value: impl Into<String>) -> Self {
        self.values.push(Value::Text(Some(value.into())));
        self
    }

    /// Binds the next `{}` to a text or NULL.
    #[must_use]
    pub fn text_or_null(mut self, value: Option<String>) -> Self {
        self.values.push(Value::Text(value));
        self
    }

    /// Binds the next `{}` to a 64-bit integer.
    #[must_use]
    pub fn integer(mut self, value: i64) -> Self {
        self.values.push(Value::Integer(Some(value)));
        self
    }

    /// Binds the next `{}` to a 64-bit integer or NULL.
    #[must_use]
    pub fn integer_or_null(mut self, value: Option<i64>) -> Self {
        self.values.push(Value::Integer(value));
        self
    }
}

impl<DB> QueryFragment<DB> for Query
where
    DB: Backend + HasSqlType<Text> + HasSqlType<BigInt>,
    Option<String>: ToSql<Nullable<Text>, DB>,
    Option<i64>: ToSql<Nullable<BigInt>, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if self.values.is_empty() {
            out.push_sql(&self.text);
            return Ok(());
        }
        let mut values = self.values.iter();
        let mut pieces = self.text.split("{}");
        if let Some(first) = pieces.next() {
            out.push_sql(first);
        }
        for piece in pieces {
            match values.next() {
                Some(Value::Text(text)) => out.push_bind_param::<Nullable<Text>, _>(text)?,
                Some(Value::Integer(number)) => {
                    out.push_bind_param::<Nullable<BigInt>, _>(number)?;
                }
                None => {
                    return Err(diesel::result::Error::QueryBuilderError(
                        "the query has more places than values".into(),
                    ));
                }
            }
            out.push_sql(piece);
        }
        Ok(())
    }
}

impl QueryId for Query {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl DieselQuery for Query {
    type SqlType = Untyped;
}

impl<C> RunQueryDsl<C> for Query {}

/// One row of an answer. Every column is text: a query casts what is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row(Vec<Option<String>>);

impl Row {
    /// The text in a column, counted from 0; empty for NULL or a column that is not there.
    #[must_use]
    pub fn text(&self, column: usize) -> &str {
        self.optional(column).unwrap_or_default()
    }

    /// The text in a column, counted from 0; `None` for NULL or a column that is not there.
    #[must_use]
    pub fn optional(&self, column: usize) -> Option<&str> {
        self.0.get(column).and_then(Option::as_deref)
    }

    /// The integer in a column, counted from 0; `None` where there is none.
    #[must_use]
    pub fn integer(&self, column: usize) -> Option<i64> {
        self.optional(column).and_then(|text| text.parse().ok())
    }

    /// Whether a column holds what the servers print for true: `1`, `t` or `true`.
    #[must_use]
    pub fn is_true(&self, column: usize) -> bool {
        matches!(self.text(column), "1" | "t" | "true")
    }
}

impl<DB> QueryableByName<DB> for Row
where
    DB: Backend,
    String: FromSql<Text, DB>,
{
    fn build<'a>(row: &impl NamedRow<'a, DB>) -> deserialize::Result<Self> {
        (0..row.field_count())
            .map(|index| match DieselRow::get(row, index) {
                Some(field) => match field.value() {
                    Some(value) => String::from_sql(value).map(Some),
                    None => Ok(None),
                },
                None => Ok(None),
            })
            .collect::<deserialize::Result<Vec<_>>>()
            .map(Self)
    }
}

/// What a connection must be able to do for [`Query`] and [`Row`]; every backend's can.
pub(super) trait Ask: diesel::Connection {
    fn ask(&mut self, query: &Query) -> QueryResult<Vec<Row>>;
    fn tell(&mut self, query: &Query) -> QueryResult<usize>;
}

impl<C> Ask for C
where
    C: diesel::Connection + diesel::connection::LoadConnection,
    C::Backend: HasSqlType<Text>
        + HasSqlType<BigInt>
        + QueryMetadata<Untyped>
        + diesel::internal::migrations::DieselReserveSpecialization
        + 'static,
    Query: QueryFragment<C::Backend>,
    Row: QueryableByName<C::Backend>,
    String: FromSql<Text, C::Backend>,
    for<'q> Query: diesel::query_dsl::methods::LoadQuery<'q, C, Row>,
    Query: diesel::query_dsl::methods::ExecuteDsl<C, C::Backend>,
{
    fn ask(&mut self, query: &Query) -> QueryResult<Vec<Row>> {
        RunQueryDsl::load::<Row>(query.clone(), self)
    }

    fn tell(&mut self, query: &Query) -> QueryResult<usize> {
        RunQueryDsl::execute(query.clone(), self)
    }
}
