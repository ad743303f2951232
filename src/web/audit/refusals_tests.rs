use super::*;

fn refused(actor: &str, at: u64) -> Note {
    let note = Note::done(UnixMs(at), actor, Verb::SignIn);
    Note { outcome: Ending::Refused, code: Some("WK-2021".into()), ..note }
}

#[test]
fn a_thousand_of_the_same_in_a_minute_are_two_records_that_count_them_all() {
    let mut pending = Pending::default();
    (0..1000).for_each(|n| pending.add(refused("ann", 1_000_000 + n), "r"));
    let first = pending.take(UnixMs(1_001_000), false);
    assert_eq!((first.len(), first[0].count), (1, 1));
    assert!(pending.take(UnixMs(1_059_999), false).is_empty());
    let rest = pending.take(UnixMs(1_060_000), false);
    assert_eq!((rest.len(), rest[0].count), (1, 999));
    assert_eq!((rest[0].at, rest[0].last), (UnixMs(1_000_001), Some(UnixMs(1_000_999))));
    assert!(pending.windows.is_empty());
}

#[test]
fn a_thousand_names_are_a_bounded_number_of_records_and_none_is_uncounted() {
    let mut pending = Pending::default();
    (0..1000).for_each(|n| pending.add(refused(&format!("u{n}"), 1_000_000), "r"));
    let told = pending.take(UnixMs(2_000_000), false);
    assert_eq!(told.len(), BURST as usize + 1);
    assert_eq!(told.iter().map(|note| note.count).sum::<u32>(), 1000);
    // Told apart again only bit by bit.
    (0..1000).for_each(|n| pending.add(refused(&format!("v{n}"), 1_000_000 + 30_000), "r"));
    assert_eq!(pending.ready.len(), 3);
}

#[test]
fn what_could_not_be_written_comes_first_the_next_time() {
    let mut pending = Pending::default();
    pending.add(refused("ann", 1), "r");
    let notes = pending.take(UnixMs(2), true);
    pending.add(refused("bob", 3), "r");
    pending.put_back(notes);
    let actors: Vec<String> =
        pending.take(UnixMs(4), true).into_iter().map(|note| note.actor).collect();
    assert_eq!(actors, ["ann", "bob"]);
}
