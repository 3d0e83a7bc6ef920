//! Whether a pooler stands between us and the server.
//!
//! When a session begins, the server says by which process it is served: the key to cancel it with. A
//! pooler makes a key of its own, and the process that answers a query is another one.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, ReadBuf};
use tokio_postgres::tls::{ChannelBinding, TlsConnect, TlsStream};
use tokio_postgres::{CancelToken, Client, Error, SimpleQueryMessage};

/// Whether the process that answers is another one than the session was begun with.
pub(super) async fn is_pooled(client: &Client) -> Result<bool, Error> {
    let said = process_id(&client.cancel_token()).await;
    let answers = client.simple_query("SELECT pg_backend_pid()").await?;
    let process = answers.iter().find_map(|message| {
        let SimpleQueryMessage::Row(row) = message else {
            return None;
        };
        row.get(0)?.parse::<i32>().ok()
    });
    // Whoever gives no key is no server of the usual kind, and nothing is taken for granted then.
    Ok(said.is_none() || said != process)
}

/// The process that the key names. The driver keeps it to itself, but it writes it into the request to
/// cancel, which here goes no further than this function.
async fn process_id(token: &CancelToken) -> Option<i32> {
    /// Length, code, process, secret: four bytes each.
    const REQUEST: usize = 16;
    /// Room for that and for the question whether there is TLS.
    const ROOM: usize = 64;
    let (mut ours, theirs) = tokio::io::duplex(ROOM);
    // "Yes" to that question, if it is asked.
    ours.write_all(b"S").await.ok()?;
    token.cancel_query_raw(theirs, Plain).await.ok()?;
    let mut written = Vec::new();
    ours.read_to_end(&mut written).await.ok()?;
    let request = written.get(written.len().checked_sub(REQUEST)?..)?;
    let process = request.get(8..12)?.try_into().ok()?;
    Some(i32::from_be_bytes(process)).filter(|process| *process != 0)
}

/// Leaves the request as it is: it never leaves this program.
struct Plain;

struct PlainStream(DuplexStream);

impl TlsConnect<DuplexStream> for Plain {
    type Stream = PlainStream;
    type Error = Infallible;
    type Future = Ready<Result<PlainStream, Infallible>>;

    fn connect(self, stream: DuplexStream) -> Self::Future {
        ready(Ok(PlainStream(stream)))
    }
}

impl TlsStream for PlainStream {
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

impl AsyncRead for PlainStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl AsyncWrite for PlainStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}
