//! Reads a type from Rust source.

use thiserror::Error;

use super::diesel_type::DieselType;

/// Why a piece of Rust is not the type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TypeSyntax {
    /// It is no Rust type.
    #[error("not a type")]
    NotAType,
    /// It is a reference, a function or the like.
    #[error("not the name of a type")]
    NotAName,
    /// A wrapper has nothing in it, or more than one type.
    #[error("`Nullable`, `Array`, `Unsigned`, `Range` and `Multirange` take one type")]
    NotOneArgument,
    /// A record is of something else than a tuple.
    #[error("`Record` takes a tuple of types")]
    NotATuple,
}

impl DieselType {
    /// Reads a type as it stands in a `table!`: `Nullable<diesel::sql_types::Text>`.
    ///
    /// Of a path only its last segment counts, as for `diesel`.
    pub fn parse(text: &str) -> Result<Self, TypeSyntax> {
        let parsed = syn::parse_str::<syn::Type>(text).map_err(|_| TypeSyntax::NotAType)?;
        Self::from_syn(&parsed)
    }

    /// Takes a type from a file that is already parsed.
    pub fn from_syn(parsed: &syn::Type) -> Result<Self, TypeSyntax> {
        // The types of `syn` have variants that nobody can list.
        if let syn::Type::Paren(inner) = parsed {
            return Self::from_syn(&inner.elem);
        }
        if let syn::Type::Group(inner) = parsed {
            return Self::from_syn(&inner.elem);
        }
        let syn::Type::Path(path) = parsed else {
            return Err(TypeSyntax::NotAName);
        };
        let Some(last) = path.path.segments.last() else {
            return Err(TypeSyntax::NotAName);
        };
        let name = last.ident.to_string();
        let inner = || argument(&last.arguments);
        let boxed = || inner().and_then(Self::from_syn).map(Box::new);
        match name.as_str() {
            "Nullable" => boxed().map(Self::Nullable),
            "Array" => boxed().map(Self::Array),
            "Unsigned" => boxed().map(Self::Unsigned),
            "Range" => boxed().map(Self::Range),
            "Multirange" => boxed().map(Self::Multirange),
            "Record" => {
                let syn::Type::Tuple(tuple) = inner()? else {
                    return Err(TypeSyntax::NotATuple);
                };
                let fields: Result<_, _> = tuple.elems.iter().map(Self::from_syn).collect();
                fields.map(Self::Record)
            }
            _ => Ok(Self::Plain(name)),
        }
    }
}

/// The one type between angle brackets.
fn argument(arguments: &syn::PathArguments) -> Result<&syn::Type, TypeSyntax> {
    let syn::PathArguments::AngleBracketed(arguments) = arguments else {
        return Err(TypeSyntax::NotOneArgument);
    };
    match arguments.args.first() {
        Some(syn::GenericArgument::Type(inner)) if arguments.args.len() == 1 => Ok(inner),
        _ => Err(TypeSyntax::NotOneArgument),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_written_as_it_was_read() {
        for text in [
            "Int4",
            "Nullable<Array<Nullable<Text>>>",
            "Nullable<Unsigned<Bigint>>",
            "Range<Int4>",
            "Multirange<Timestamptz>",
            "Record<(Integer, Nullable<Text>)>",
            "Record<(Integer,)>",
            "Array<Nullable<OrderStatus>>",
        ] {
            let parsed = DieselType::parse(text).unwrap();
            assert_eq!(parsed.to_string(), text);
        }
    }

    #[test]
    fn only_the_last_segment_of_a_path_counts() {
        assert_eq!(
            DieselType::parse("diesel::sql_types::Nullable<crate::schema::sql_types::Mood>"),
            Ok(DieselType::plain("Mood").nullable())
        );
        assert_eq!(
            DieselType::parse("(((Text)))"),
            Ok(DieselType::plain("Text"))
        );
    }

    #[test]
    fn what_is_no_type_of_a_column_is_refused() {
        assert_eq!(DieselType::parse("a b"), Err(TypeSyntax::NotAType));
        assert_eq!(DieselType::parse("&str"), Err(TypeSyntax::NotAName));
        assert_eq!(
            DieselType::parse("Nullable"),
            Err(TypeSyntax::NotOneArgument)
        );
        assert_eq!(
            DieselType::parse("Array<A, B>"),
            Err(TypeSyntax::NotOneArgument)
        );
        assert_eq!(
            DieselType::parse("Nullable<'static>"),
            Err(TypeSyntax::NotOneArgument)
        );
        assert_eq!(
            DieselType::parse("Record<Text>"),
            Err(TypeSyntax::NotATuple)
        );
    }
}
