use super::*;

fn chain(n: u64) -> Vec<(Hash, String)> {
    let mut previous = GENESIS;
    let mut made = Vec::new();
    for seq in 1..=n {
        let note = Note::done(UnixMs(1_000 * seq), "ann", Verb::Change).text();
        let text = format!(r#"{{"seq":{seq},"index":{seq},"objects":[],{}"#, &note[1..]);
        previous = link(&previous, text.as_bytes());
        made.push((previous, text));
    }
    made
}

fn walk(records: &[(Hash, String)]) -> Result<End, Broken> {
    let mut walk = Walk::from(End { seq: 0, hash: GENESIS });
    records.iter().try_for_each(|(hash, text)| walk.step(hash, text))?;
    Ok(walk.end())
}

#[test]
fn a_chain_holds_until_one_byte_is_changed_or_one_record_is_gone_or_moved() {
    let good = chain(5);
    assert_eq!(walk(&good).unwrap(), End { seq: 5, hash: good[4].0 });
    for at in 0..5 {
        let mut changed = good.clone();
        changed[at].1 = changed[at].1.replace("ann", "bob");
        assert_eq!(walk(&changed).unwrap_err().seq, at as u64 + 1);
        // Whoever also computes that record's hash anew breaks the next one.
        let before = if at == 0 { GENESIS } else { changed[at - 1].0 };
        changed[at].0 = link(&before, changed[at].1.as_bytes());
        let found = walk(&changed);
        if at == 4 {
            assert_ne!(found.unwrap().hash, good[4].0, "the head that was written down tells");
        } else {
            assert_eq!(found.unwrap_err().seq, at as u64 + 2);
        }
    }
    let mut gone = good.clone();
    gone.remove(2);
    assert_eq!(walk(&gone).unwrap_err().seq, 3);
    let mut swapped = good.clone();
    swapped.swap(1, 2);
    assert_eq!(walk(&swapped).unwrap_err().seq, 2);
}

#[test]
fn a_chain_is_followed_from_where_it_was_cut_off() {
    let all = chain(6);
    let mut walk = Walk::from(End { seq: 3, hash: all[2].0 });
    all[3..].iter().try_for_each(|(hash, text)| walk.step(hash, text)).unwrap();
    assert_eq!((walk.end().seq, walk.n_records()), (6, 3));
}

#[test]
fn a_record_of_a_newer_binary_is_read_as_far_as_it_is_understood() {
    let text = r#"{"seq":1,"index":9,"objects":[],"at":"2026-01-01T00:00:00Z","actor":"ann",
        "verb":"paint","outcome":"done","colour":"red"}"#;
    let record: Record = serde_json::from_str(text).unwrap();
    assert_eq!((record.note.verb, record.note.count), (Verb::Other, 0));
}

#[test]
fn the_text_of_a_note_keeps_its_form() {
    let note = Note {
        from: Some("10.0.0.1".into()),
        count: 7,
        ..Note::done(UnixMs(0), "ann", Verb::SignIn)
    };
    let text = r#"{"at":"1970-01-01T00:00:00.000Z","actor":"ann","verb":"sign-in","outcome":"done","from":"10.0.0.1","count":7}"#;
    assert_eq!(note.text(), text);
    assert_eq!(serde_json::from_str::<Note>(text).unwrap(), note);
}

#[test]
fn a_hash_reads_as_it_was_written() {
    let hash = link(&GENESIS, b"x");
    assert_eq!(parse_hex(&hex(&hash)), Some(hash));
    assert_eq!(parse_hex("abc"), None);
}

#[test]
fn an_export_reads_as_it_was_written() {
    for (hash, text) in chain(3) {
        let line = line(&hash, &text);
        assert!(serde_json::from_str::<serde_json::Value>(&line).is_ok());
        assert_eq!(parse_line(line.trim_end()), Some((hash, text.as_str())));
    }
    let anchor = End { seq: 9, hash: link(&GENESIS, b"x") };
    assert_eq!(AuditFileHead::new("c", anchor).anchor(), Some(anchor));
    assert_eq!(parse_line(r#"{"record":{}}"#), None);
}
