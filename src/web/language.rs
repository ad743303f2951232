//! The language of the portal's page: what its reader chose, else what the browser asks for, else
//! English. The portal keeps the choice in a cookie that says nothing else.

use axum::http::{HeaderMap, header};

/// Written by the portal.
const COOKIE: &str = "wk_language";
/// What there are texts for; the first is the fallback.
const SPOKEN: [&str; 2] = ["en", "zh"];

/// One of the languages the portal speaks, for `<html lang>`.
pub(super) fn of(headers: &HeaderMap) -> &'static str {
    chosen(headers).or_else(|| asked_for(headers)).unwrap_or(SPOKEN[0])
}

fn chosen(headers: &HeaderMap) -> Option<&'static str> {
    let texts = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = texts.flat_map(|text| text.split(';')).filter_map(|pair| pair.split_once('='));
    pairs.find_map(|(name, value)| (name.trim() == COOKIE).then(|| spoken(value))?)
}

/// The best one of `Accept-Language`; the earlier one of two that are wanted alike.
fn asked_for(headers: &HeaderMap) -> Option<&'static str> {
    let text = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut best: Option<(f32, &'static str)> = None;
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
fn spoken(tag: &str) -> Option<&'static str> {
    let base = tag.trim().split('-').next()?;
    SPOKEN.into_iter().find(|language| base.eq_ignore_ascii_case(language))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_headers(cookie: &str, accept: &str) -> &'static str {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, cookie.parse().unwrap());
        headers.insert(header::ACCEPT_LANGUAGE, accept.parse().unwrap());
        of(&headers)
    }

    #[test]
    fn the_choice_counts_before_the_browser_and_english_comes_last() {
        assert_eq!(of_headers("a=b; wk_language=zh", "en"), "zh");
        assert_eq!(of_headers("wk_language=en", "zh-CN"), "en");
        assert_eq!(of_headers("wk_language=\"<b>", "zh-CN,zh;q=0.9"), "zh");
        assert_eq!(of_headers("a=b", "fr, de;q=0.5"), "en");
        assert_eq!(of(&HeaderMap::new()), "en");
    }

    #[test]
    fn the_browser_weighs_its_languages() {
        assert_eq!(of_headers("", "en;q=0.3, zh-TW;q=0.8"), "zh");
        assert_eq!(of_headers("", "fr, en;q=0.9, zh;q=0.8"), "en");
        assert_eq!(of_headers("", "zh;q=0, en;q=0.1"), "en");
    }
}
