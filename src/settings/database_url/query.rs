//! What stands after the `?` of a URL.

use percent_encoding::percent_decode_str;

use super::problem::UrlProblem;

/// Decodes `%40` and its like; a `%` that starts no such code stays.
pub(super) fn decode(text: &str, part: &'static str) -> Result<String, UrlProblem> {
    let decoded = percent_decode_str(text)
        .decode_utf8()
        .map_err(|_| UrlProblem::NotUtf8 { part })?
        .into_owned();
    if decoded.contains('\0') {
        return Err(UrlProblem::ZeroByte { part });
    }
    Ok(decoded)
}

/// Reads `a=1&b=2`; of one name twice the last holds, as for libpq.
pub(super) fn parse(query: &str) -> Result<Vec<(String, String)>, UrlProblem> {
    let mut parameters: Vec<(String, String)> = Vec::new();
    for piece in query.split('&').filter(|piece| !piece.is_empty()) {
        let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
        if name.contains(['@', '/', ':']) {
            // Not a query at all, but the rest of a password.
            return Err(UrlProblem::SpecialCharacter);
        }
        let name = decode(name, "options")?;
        let value = decode(value, "options")?;
        parameters.retain(|(existing, _)| *existing != name);
        parameters.push((name, value));
    }
    Ok(parameters)
}

/// Takes a parameter out.
pub(super) fn take(parameters: &mut Vec<(String, String)>, name: &str) -> Option<String> {
    let index = parameters
        .iter()
        .position(|(existing, _)| existing == name)?;
    Some(parameters.remove(index).1).filter(|value| !value.is_empty())
}
