//! Encryption of connections, as PostgreSQL and MySQL have it in common: how much is asked for, whom
//! to trust, and as whom to appear. Everything is rustls over ring; nothing of the process is set.

mod verifier;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};

use self::verifier::{AnyCertificate, ChainOfTrust, NameCheck};
use crate::error::Explain;
use crate::settings::read_named;

/// How much encryption a connection insists on; each mode asks for more than the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TlsMode {
    /// None.
    Disable,
    /// If the server has it, without a look at its certificate; else none.
    Prefer,
    /// Always, without a look at the certificate.
    Require,
    /// Always, and somebody trusted signed the certificate.
    VerifyCa,
    /// Always, and the certificate is for the host that was named.
    VerifyFull,
}

impl TlsMode {
    /// Reads a mode in PostgreSQL's or in MySQL's words.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().replace('_', "-").as_str() {
            "disable" | "disabled" => Some(Self::Disable),
            "allow" | "prefer" | "preferred" => Some(Self::Prefer),
            "require" | "required" => Some(Self::Require),
            "verify-ca" => Some(Self::VerifyCa),
            "verify-full" | "verify-identity" => Some(Self::VerifyFull),
            _ => None,
        }
    }

    /// Whether the server's certificate has to prove something.
    #[must_use]
    pub fn verifies(self) -> bool {
        self >= Self::VerifyCa
    }
}

/// Whose signature on a server's certificate counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Roots {
    /// That of the authorities in a PEM file.
    File(PathBuf),
    /// That of the authorities this machine trusts.
    System,
}

/// The files that prove who the client is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The certificate, PEM, with those between it and the authority.
    pub certificate: PathBuf,
    /// Its private key, PEM, not encrypted.
    pub key: PathBuf,
}

/// All that is known about the encryption of one connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsSettings {
    /// How much is asked for.
    pub mode: TlsMode,
    /// Whom to trust, where the mode verifies.
    pub roots: Roots,
    /// As whom to appear, if the server asks.
    pub identity: Option<Identity>,
}

impl TlsSettings {
    /// No encryption.
    #[must_use]
    pub fn disabled() -> Self {
        Self {
            mode: TlsMode::Disable,
            roots: Roots::System,
            identity: None,
        }
    }

    /// What rustls needs to act on these settings. Reads files only if the mode needs them.
    pub(super) fn client_config(&self) -> Result<ClientConfig, TlsError> {
        let provider = Arc::new(ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .expect("ring has cipher suites for TLS 1.2 and 1.3")
            .dangerous()
            .with_custom_certificate_verifier(self.verifier(&provider)?);
        match &self.identity {
            Some(identity) if self.mode != TlsMode::Disable => {
                let (chain, key) = identity.load()?;
                builder
                    .with_client_auth_cert(chain, key)
                    .map_err(|source| TlsError::Identity {
                        identity: identity.clone(),
                        source,
                    })
            }
            Some(_) | None => Ok(builder.with_no_client_auth()),
        }
    }

    fn verifier(&self, provider: &CryptoProvider) -> Result<Arc<dyn ServerCertVerifier>, TlsError> {
        let name = match self.mode {
            TlsMode::Disable | TlsMode::Prefer | TlsMode::Require => {
                return Ok(Arc::new(AnyCertificate::new(provider)));
            }
            TlsMode::VerifyCa => NameCheck::AnyName,
            TlsMode::VerifyFull => NameCheck::HostName,
        };
        let roots = self.roots.load()?;
        Ok(Arc::new(ChainOfTrust::new(roots, name, provider)))
    }
}

impl Roots {
    /// The usable certificates; never none.
    pub(super) fn load(&self) -> Result<Vec<CertificateDer<'static>>, TlsError> {
        let found = match self {
            Self::File(path) => read_certificates(path)?,
            Self::System => rustls_native_certs::load_native_certs().certs,
        };
        let usable: Vec<_> = found
            .into_iter()
            .filter(|certificate| RootCertStore::empty().add(certificate.clone()).is_ok())
            .collect();
        if usable.is_empty() {
            return Err(match self {
                Self::File(path) => TlsError::NoCertificate { path: path.clone() },
                Self::System => TlsError::NoSystemRoots,
            });
        }
        Ok(usable)
    }
}

impl Identity {
    /// The chain and the key.
    pub(super) fn load(
        &self,
    ) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), TlsError> {
        let chain = read_certificates(&self.certificate)?;
        if chain.is_empty() {
            return Err(TlsError::NoCertificate {
                path: self.certificate.clone(),
            });
        }
        let key =
            PrivateKeyDer::from_pem_slice(&read(&self.key)?).map_err(|_| TlsError::NoKey {
                path: self.key.clone(),
            })?;
        Ok((chain, key))
    }
}

fn read(path: &Path) -> Result<Vec<u8>, TlsError> {
    read_named(path).map_err(|source| TlsError::Read {
        path: path.to_owned(),
        source,
    })
}

/// Sections of the file that are no certificates are passed over.
fn read_certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    CertificateDer::pem_slice_iter(&read(path)?)
        .collect::<Result<_, _>>()
        .map_err(|_| TlsError::NoCertificate {
            path: path.to_owned(),
        })
}

/// Why the settings of the encryption cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A certificate or key cannot be read.
    #[error("cannot read the file `{}`", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file that should hold certificates holds none.
    #[error("the file `{}` holds no certificate in PEM form", .path.display())]
    NoCertificate {
        /// The file.
        path: PathBuf,
    },
    /// A file that should hold a private key holds none.
    #[error("the file `{}` holds no private key in PEM form without a password", .path.display())]
    NoKey {
        /// The file.
        path: PathBuf,
    },
    /// The key is of a kind that the driver cannot use.
    #[error("the private key in `{}` is not an RSA key", .path.display())]
    KeyKind {
        /// The file.
        path: PathBuf,
    },
    /// Certificate and key do not go together.
    #[error("the certificate `{}` and the key `{}` cannot be used",
        .identity.certificate.display(), .identity.key.display())]
    Identity {
        /// The files.
        identity: Identity,
        /// What is wrong with them.
        source: rustls::Error,
    },
    /// This machine trusts nobody.
    #[error("this machine has no list of trusted certificate authorities")]
    NoSystemRoots,
}

impl Explain for TlsError {
    fn hints(&self) -> Vec<String> {
        match self {
            Self::Read { path, .. } => vec![format!(
                "check the path and that it may be read: ls -l {}",
                path.display()
            )],
            Self::NoCertificate { .. } => vec![
                "give a file with lines `-----BEGIN CERTIFICATE-----`; from DER: openssl x509 -inform DER -in FILE -out FILE.pem".to_owned(),
            ],
            Self::NoKey { path } => vec![format!(
                "remove the key's password: openssl pkey -in {} -out client.key",
                path.display()
            )],
            Self::KeyKind { .. } => vec![
                "MySQL connections take RSA keys only: openssl genrsa -out client.key 3072, then sign a certificate for it".to_owned(),
            ],
            Self::Identity { identity, .. } => vec![
                format!(
                    "both must come from the same key pair; compare: openssl x509 -noout -pubkey -in {}; openssl pkey -pubout -in {}",
                    identity.certificate.display(),
                    identity.key.display()
                ),
                "the certificate must be X.509 version 3; issue it with extensions: openssl x509 -req -extfile FILE".to_owned(),
            ],
            Self::NoSystemRoots => vec![
                "install the package `ca-certificates`, or give the authority's certificate with `sslrootcert`".to_owned(),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_vocabularies_name_the_modes() {
        let words = [
            ("disable", "DISABLED", TlsMode::Disable),
            ("prefer", "PREFERRED", TlsMode::Prefer),
            ("require", "REQUIRED", TlsMode::Require),
            ("verify-ca", "VERIFY_CA", TlsMode::VerifyCa),
            ("verify-full", "VERIFY_IDENTITY", TlsMode::VerifyFull),
        ];
        for (postgres, mysql, mode) in words {
            assert_eq!(TlsMode::parse(postgres), Some(mode));
            assert_eq!(TlsMode::parse(mysql), Some(mode));
        }
        assert_eq!(TlsMode::parse("allow"), Some(TlsMode::Prefer));
        assert_eq!(TlsMode::parse("true"), None);
    }

    #[test]
    fn files_are_read_only_by_modes_that_need_them() {
        let mut settings = TlsSettings {
            mode: TlsMode::Require,
            roots: Roots::File(PathBuf::from("/nowhere/ca.crt")),
            identity: None,
        };
        assert!(settings.client_config().is_ok());
        settings.mode = TlsMode::VerifyCa;
        let error = settings.client_config().unwrap_err();
        assert_eq!(error.to_string(), "cannot read the file `/nowhere/ca.crt`");
    }

    #[test]
    fn a_file_without_certificates_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.crt");
        std::fs::write(&path, "hello\n").unwrap();
        let error = Roots::File(path.clone()).load().unwrap_err();
        assert!(matches!(error, TlsError::NoCertificate { path: named } if named == path));
    }
}
