//! What a connection's models are compared with, and how.

use std::collections::BTreeMap;

use super::Resolver;
use crate::settings::connection::TableFilter;
use crate::settings::error::SettingsError;

impl Resolver<'_> {
    pub(super) fn tables(&self) -> Result<TableFilter, SettingsError> {
        let Some(raw) = self.raw.tables.value() else {
            return Ok(TableFilter::default());
        };
        let path = self.path.key("tables");
        Ok(TableFilter {
            include: self
                .texts(&path.key("include"), &raw.include)?
                .unwrap_or_default(),
            exclude: self
                .texts(&path.key("exclude"), &raw.exclude)?
                .unwrap_or_default(),
        })
    }

    pub(super) fn types(&self) -> Result<BTreeMap<String, String>, SettingsError> {
        let mut types = BTreeMap::new();
        let path = self.path.key("types");
        for (name, value) in self.raw.types.value().map_or(&[][..], |named| &named.0) {
            if let Some(written) = value.value() {
                types.insert(name.clone(), self.not_empty(&path.key(name), written)?);
            }
        }
        Ok(types)
    }
}
