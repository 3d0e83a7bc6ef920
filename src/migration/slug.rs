//! The name part of a migration: its message as a word that every file system takes.

use std::fmt;

use crate::error::{Explain, Kind};

/// How many characters a slug may have.
const MAX_LENGTH: usize = 50;

/// The part of a directory's name after the version: lower-case ASCII letters and digits, in words
/// joined by `_`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slug(String);

impl Slug {
    /// Makes a slug of a message: `Add users & roles` becomes `add_users_roles`.
    ///
    /// Letters with a mark lose it; letters of other alphabets separate words, for there is no spelling
    /// that would please everybody.
    pub fn from_message(message: &str) -> Result<Self, SlugError> {
        let slug = shorten(&words(message)).to_owned();
        if slug.is_empty() {
            return Err(SlugError {
                message: message.to_owned(),
            });
        }
        Ok(Self(slug))
    }

    /// Takes what stands in a directory's name, as it stands there.
    pub fn of_directory(name: &str) -> Self {
        Self(name.to_owned())
    }

    /// The slug as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Joins the words of a message by `_`.
fn words(message: &str) -> String {
    let mut words = String::new();
    let mut is_between = false;
    for character in message.chars().flat_map(char::to_lowercase) {
        if is_silent(character) {
            continue;
        }
        let folded = fold(character);
        if character.is_ascii_alphanumeric() || !folded.is_empty() {
            if is_between && !words.is_empty() {
                words.push('_');
            }
            is_between = false;
        }
        if character.is_ascii_alphanumeric() {
            words.push(character);
        } else if folded.is_empty() {
            is_between = true;
        } else {
            words.push_str(folded);
        }
    }
    words
}

/// Cuts at the end of the last word that fits.
fn shorten(words: &str) -> &str {
    if words.len() <= MAX_LENGTH {
        return words;
    }
    // One character more, so that a word which ends exactly at the limit is kept.
    let end = words[..=MAX_LENGTH].rfind('_').unwrap_or(MAX_LENGTH);
    &words[..end]
}

/// Whether a character belongs to the word around it without being written: apostrophes and marks
/// that combine with the letter before them.
fn is_silent(character: char) -> bool {
    matches!(
        character,
        '\'' | '’' | 'ʼ' | '\u{ad}' | '\u{300}'..='\u{36f}'
    )
}

/// Spells a Latin letter in ASCII; gives nothing for every other character.
fn fold(character: char) -> &'static str {
    match character {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' | '\u{1ea0}'..='\u{1eb7}' | 'ª' => "a",
        'æ' | 'ǣ' | 'ǽ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' | '\u{1eb8}'..='\u{1ec7}' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' | 'ǧ' => "g",
        'ĥ' | 'ħ' => "h",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' | 'ǐ' | '\u{1ec8}'..='\u{1ecb}' => "i",
        'ĳ' => "ij",
        'ĵ' => "j",
        'ķ' | 'ĸ' | 'ǩ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' | 'ŋ' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'ơ' | 'ǒ' | '\u{1ecc}'..='\u{1ee3}' | 'º' => {
            "o"
        }
        'œ' => "oe",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' | 'ſ' => "s",
        'ß' => "ss",
        'ţ' | 'ť' | 'ŧ' | 'ț' => "t",
        'þ' => "th",
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'ư' | 'ǔ' | '\u{1ee4}'..='\u{1ef1}' => {
            "u"
        }
        'ŵ' => "w",
        'ý' | 'ÿ' | 'ŷ' | '\u{1ef2}'..='\u{1ef9}' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => "",
    }
}

/// The message has no letter or digit that a directory's name could be made of.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("message `{}` holds no letter or digit to name the migration by", .message.escape_debug())]
pub struct SlugError {
    /// What was asked for.
    pub message: String,
}

impl Explain for SlugError {
    fn kind(&self) -> Kind {
        Kind::Usage
    }

    fn hints(&self) -> Vec<String> {
        vec!["name it in ASCII letters: -n add_users".to_owned()]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn slug(message: &str) -> String {
        Slug::from_message(message).unwrap().to_string()
    }

    #[test]
    fn a_message_becomes_words_joined_by_underscores() {
        assert_eq!(slug("Add users & roles"), "add_users_roles");
        assert_eq!(slug("  add--users__x  "), "add_users_x");
        assert_eq!(slug("../../etc/passwd"), "etc_passwd");
        assert_eq!(slug("C:\\temp\\x\0y\nz"), "c_temp_x_y_z");
        assert_eq!(slug("the user's e-mail"), "the_users_e_mail");
        assert_eq!(slug("v2"), "v2");
    }

    #[test]
    fn letters_with_marks_are_spelled_in_ascii() {
        assert_eq!(slug("Élève ça Œuvre"), "eleve_ca_oeuvre");
        assert_eq!(
            slug("Größe ändern über STRAẞE"),
            "grosse_andern_uber_strasse"
        );
        assert_eq!(
            slug("smørrebrød på İstanbul, Łódź"),
            "smorrebrod_pa_istanbul_lodz"
        );
        assert_eq!(slug("Thêm cột người dùng"), "them_cot_nguoi_dung");
        assert_eq!(slug("cafe\u{301} u\u{308}ber"), slug("café über"));
    }

    #[test]
    fn other_alphabets_separate_words() {
        assert_eq!(slug("ユーザー users 追加 2"), "users_2");
    }

    #[test]
    fn a_long_message_is_cut_after_a_word() {
        let message = "one two three four five six seven eight nine ten eleven";
        assert_eq!(
            slug(message),
            "one_two_three_four_five_six_seven_eight_nine_ten"
        );
        let fits = format!("{} {}", "a".repeat(24), "b".repeat(25));
        assert_eq!(slug(&fits).len(), 50);
        assert_eq!(slug(&format!("{fits} c")), slug(&fits));
        assert_eq!(slug(&"a".repeat(80)), "a".repeat(50));
    }

    #[test]
    fn a_message_without_letters_is_refused() {
        for message in ["", "   ", "日本語", "&\n%", "___"] {
            let error = Slug::from_message(message).unwrap_err();
            assert_eq!(
                error,
                SlugError {
                    message: message.to_owned()
                }
            );
        }
        let error = Slug::from_message("日本語\n").unwrap_err();
        assert_eq!(
            error.to_string(),
            "message `日本語\\n` holds no letter or digit to name the migration by",
        );
        assert_eq!(error.hints(), ["name it in ASCII letters: -n add_users"]);
    }

    proptest! {
        #[test]
        fn a_slug_is_short_ascii_words_whatever_the_message(message in any::<String>()) {
            if let Ok(slug) = Slug::from_message(&message) {
                prop_assert!(slug.as_str().len() <= MAX_LENGTH);
                for word in slug.as_str().split('_') {
                    prop_assert!(!word.is_empty());
                    prop_assert!(word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
                }
            }
        }

        #[test]
        fn a_slug_is_its_own_slug(message in any::<String>()) {
            if let Ok(slug) = Slug::from_message(&message) {
                prop_assert_eq!(Slug::from_message(slug.as_str()), Ok(slug));
            }
        }
    }
}
