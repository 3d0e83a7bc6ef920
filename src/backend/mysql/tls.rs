//! The settings of the encryption in the words of the MySQL driver, which builds its own rustls
//! configuration from them.

use mysql_async::{ClientIdentity, SslOpts};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::PrivateKeyDer;

use crate::backend::tls::{Identity, TlsError, TlsMode, TlsSettings};

/// A host name no certificate is for; see [`options`].
const NO_NAME: &str = "NotValidForName";

/// What the driver wants to know, or `None` for no encryption.
pub(super) fn options(settings: &TlsSettings) -> Result<Option<SslOpts>, TlsError> {
    if settings.mode == TlsMode::Disable {
        return Ok(None);
    }
    // Built for its errors, which name the files; where encryption is only preferred, the driver's own
    // would look like a server without it.
    settings.client_config()?;
    use_ring();
    let mut options = SslOpts::default();
    if let Some(identity) = &settings.identity {
        options = options.with_client_identity(Some(client_identity(identity)?));
    }
    if !settings.mode.verifies() {
        return Ok(Some(options.with_danger_accept_invalid_certs(true)));
    }
    let roots = settings.roots.load()?;
    options = options
        .with_disable_built_in_roots(true)
        .with_root_certs(roots.into_iter().map(|root| root.to_vec().into()).collect());
    if settings.mode == TlsMode::VerifyCa {
        // The driver lets a wrong name pass if it finds the word `NotValidForName` in the error.
        // rustls has the word there no more, but it has the name that was expected. The chain is
        // checked before the name, and no other error repeats the name.
        options = options
            .with_danger_skip_domain_validation(true)
            .with_danger_tls_hostname_override(Some(NO_NAME));
    }
    Ok(Some(options))
}

/// The driver takes the provider of the process, and breaks down if a program that holds this crate
/// has built rustls with two and chosen none.
fn use_ring() {
    if CryptoProvider::get_default().is_none() {
        // Somebody else may be first, which is as well.
        let _ = ring::default_provider().install_default();
    }
}

/// The driver reads keys in the old form for RSA only, and `openssl` writes the new form.
fn client_identity(identity: &Identity) -> Result<ClientIdentity, TlsError> {
    let (_, key) = identity.load()?;
    let key = if let PrivateKeyDer::Pkcs1(key) = &key {
        Some(key.secret_pkcs1_der().to_vec())
    } else if let PrivateKeyDer::Pkcs8(key) = &key {
        rsa_key(key.secret_pkcs8_der()).map(<[u8]>::to_vec)
    } else {
        None
    };
    let key = key.ok_or_else(|| TlsError::KeyKind {
        path: identity.key.clone(),
    })?;
    Ok(ClientIdentity::new(
        identity.certificate.clone().into(),
        key.into(),
    ))
}

/// The RSA key inside of a PKCS#8 key: version, algorithm, and the key as an octet string.
fn rsa_key(pkcs8: &[u8]) -> Option<&[u8]> {
    const SEQUENCE: u8 = 0x30;
    const INTEGER: u8 = 0x02;
    const OCTET_STRING: u8 = 0x04;
    /// The object identifier 1.2.840.113549.1.1.1 with its tag and length.
    const RSA_ENCRYPTION: &[u8] = &[
        0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01,
    ];

    let (content, _) = element(pkcs8, SEQUENCE)?;
    let (_, rest) = element(content, INTEGER)?;
    let (algorithm, rest) = element(rest, SEQUENCE)?;
    let (key, _) = element(rest, OCTET_STRING)?;
    algorithm.starts_with(RSA_ENCRYPTION).then_some(key)
}

/// The content of the DER element that `input` starts with, and what follows it.
fn element(input: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&found, rest) = input.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
        if bytes.len() > 4 {
            return None;
        }
        let length = bytes
            .iter()
            .fold(0, |length: usize, byte| length << 8 | usize::from(*byte));
        (length, rest)
    };
    (found == tag)
        .then(|| rest.split_at_checked(length))
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_rsa_key_is_taken_out_of_its_wrapping() {
        let mut key = vec![0x30, 0x82, 0x00, 0x1a, 0x02, 0x01, 0x00];
        key.extend([0x30, 0x0d]);
        key.extend([
            0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
        ]);
        key.extend([0x04, 0x06, 1, 2, 3, 4, 5, 6]);
        assert_eq!(rsa_key(&key), Some([1, 2, 3, 4, 5, 6].as_slice()));
    }

    #[test]
    fn keys_of_other_kinds_and_torn_ones_are_none() {
        let curve = [
            0x30, 0x0f, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x03, 1,
            2, 3,
        ];
        assert_eq!(rsa_key(&curve), None);
        for length in 0..curve.len() {
            assert_eq!(rsa_key(&curve[..length]), None);
        }
        assert_eq!(rsa_key(&[0x30, 0xff, 1, 2]), None);
    }
}
