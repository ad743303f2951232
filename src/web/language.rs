//! The language of the portal's page: what the account chose, for it counts on every browser; else
//! what this reader chose here, else what the browser asks for, else English. The portal keeps the
//! choice in a cookie that says nothing else.

use crate::model::language::Language;
use axum::http::{HeaderMap, header};

/// Written by the portal.
const COOKIE: &str = "wk_language";

/// One of the languages the portal speaks, for `<html lang>`.
pub(super) fn of(account: Option<Language>, headers: &HeaderMap) -> Language {
    account.or_else(|| chosen(headers)).or_else(|| asked_for(headers)).unwrap_or_default()
}

fn chosen(headers: &HeaderMap) -> Option<Language> {
    let texts = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = texts.flat_map(|text| text.split(';')).filter_map(|pair| pair.split_once('='));
    pairs.find_map(|(name, value)| (name.trim() == COOKIE).then(|| spoken(value))?)
}

/// The best one of `Accept-Language`; the earlier one of two that are wanted alike.
fn asked_for(headers: &HeaderMap) -> Option<Language> {
    let text = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut best: Option<(f32, Language)> = None;
    for range in text.split(',') {
        let mut parts = range.split(';');
        let Some(language) = parts.next().and_then(spoken) else { continue };
        let weight = parts.find_map(|part| part.trim().strip_prefix("q=")?.trim().parse().ok());
        let weight: f32 = weight.unwrap_or(1.0);
        if weight > 0.0 && best.is_none_or(|(known, _)| weight > known) {
            best = Some((weight, language));
        }
    }
    best.map(|(_, language)| language)
}

/// `zh` for `zh-Hans-CN`.
fn spoken(tag: &str) -> Option<Language> {
    let base = tag.trim().split('-').next()?;
    let spoken = [Language::En, Language::Zh];
    spoken.into_iter().find(|language| base.eq_ignore_ascii_case(language.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_headers(cookie: &str, accept: &str) -> &'static str {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, cookie.parse().unwrap());
        headers.insert(header::ACCEPT_LANGUAGE, accept.parse().unwrap());
        of(None, &headers).as_str()
    }

    #[test]
    fn the_choice_counts_before_the_browser_and_english_comes_last() {
        assert_eq!(of_headers("a=b; wk_language=zh", "en"), "zh");
        assert_eq!(of_headers("wk_language=en", "zh-CN"), "en");
        assert_eq!(of_headers("wk_language=\"<b>", "zh-CN,zh;q=0.9"), "zh");
        assert_eq!(of_headers("a=b", "fr, de;q=0.5"), "en");
        assert_eq!(of(None, &HeaderMap::new()), Language::En);
    }

    #[test]
    fn what_the_account_chose_counts_before_what_this_browser_remembers() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, "wk_language=en".parse().unwrap());
        assert_eq!(of(Some(Language::Zh), &headers), Language::Zh);
        assert_eq!(of(None, &headers), Language::En);
    }

    #[test]
    fn the_browser_weighs_its_languages() {
        assert_eq!(of_headers("", "en;q=0.3, zh-TW;q=0.8"), "zh");
        assert_eq!(of_headers("", "fr, en;q=0.9, zh;q=0.8"), "en");
        assert_eq!(of_headers("", "zh;q=0, en;q=0.1"), "en");
    }
}
