//! YAML as JSON values that remember where each of them stood.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use serde_saphyr::Spanned;
use std::{collections::BTreeMap, fmt, ops::Range};

/// Where the parts of an object stand in a text: path (`spec/rules/0/expr`, empty for the object
/// itself) → line and column, both from 1. Empty when it came from no text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Places(BTreeMap<String, (u32, u32)>);

/// A value with the places of all that is in it.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) value: Value,
    pub(super) places: Places,
}

impl Places {
    /// The place of `path`, or of the nearest thing around it.
    #[must_use]
    pub fn at(&self, path: &str) -> Option<(u32, u32)> {
        let mut path = path;
        loop {
            if let Some(place) = self.0.get(path) {
                return Some(*place);
            }
            path = match path.rfind('/') {
                Some(end) => &path[..end],
                None if path.is_empty() => return None,
                None => "",
            };
        }
    }

    /// Notes where `path` stands.
    pub(in crate::admission) fn set(&mut self, path: &str, place: (u32, u32)) {
        if place.0 > 0 {
            self.0.insert(path.to_owned(), place);
        }
    }

    fn record(&mut self, path: &str, located: &Located) {
        if located.line > 0 {
            self.0.insert(path.to_owned(), (located.line, located.column));
        }
        let below = |name: &dyn fmt::Display| {
            if path.is_empty() { name.to_string() } else { format!("{path}/{name}") }
        };
        match &located.tree {
            Tree::Leaf(_) => {}
            Tree::List(items) => {
                for (position, item) in items.iter().enumerate() {
                    self.record(&below(&position), item);
                }
            }
            Tree::Map(pairs) => {
                for (key, value) in pairs {
                    self.record(&below(key), value);
                }
            }
        }
    }
}

impl Node {
    pub(super) fn without_places(value: Value) -> Self {
        Self { value, places: Places::default() }
    }

    /// The items of a list, else the node itself; nothing for null.
    pub(super) fn into_items(self) -> Vec<Self> {
        match self.value {
            Value::Null => Vec::new(),
            Value::Array(items) => items
                .into_iter()
                .enumerate()
                .map(|(position, value)| Self { value, places: self.places.below(position) })
                .collect(),
            value => vec![Self { value, places: self.places }],
        }
    }
}

impl Places {
    fn below(&self, position: usize) -> Self {
        let own = position.to_string();
        let prefix = format!("{position}/");
        let own = self.0.get(&own).map(|place| (String::new(), *place));
        let inner = self.0.range(prefix.clone()..).map_while(|(path, place)| {
            path.strip_prefix(&prefix).map(|rest| (rest.to_owned(), *place))
        });
        Self(own.into_iter().chain(inner).collect())
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let located = Located::deserialize(deserializer)?;
        let mut places = Places::default();
        places.record("", &located);
        Ok(Self { value: located.tree.into_value(), places })
    }
}

pub(super) struct Located {
    pub(super) tree: Tree,
    pub(super) line: u32,
    pub(super) column: u32,
    /// Where it stands in the text, in bytes; `None` where nobody knows.
    pub(super) bytes: Option<Range<usize>>,
}

pub(super) enum Tree {
    Leaf(Value),
    List(Vec<Located>),
    Map(Vec<(String, Located)>),
}

impl Tree {
    fn into_value(self) -> Value {
        match self {
            Self::Leaf(value) => value,
            Self::List(items) => {
                Value::Array(items.into_iter().map(|item| item.tree.into_value()).collect())
            }
            Self::Map(pairs) => Value::Object(
                pairs.into_iter().map(|(key, value)| (key, value.tree.into_value())).collect::<Map<
                    String,
                    Value,
                >>(
                ),
            ),
        }
    }
}

impl<'de> Deserialize<'de> for Located {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Tree>::deserialize(deserializer)?;
        let narrow = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        let span = spanned.referenced.span();
        let bytes = span.byte_offset().zip(span.byte_len()).and_then(|(start, length)| {
            let start = usize::try_from(start).ok()?;
            Some(start..start + usize::try_from(length).ok()?)
        });
        Ok(Self {
            bytes,
            line: narrow(spanned.referenced.line()),
            column: narrow(spanned.referenced.column()),
            tree: spanned.value,
        })
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any YAML value")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Leaf(Value::Null))
    }

    fn visit_none<E>(self) -> Result<Tree, E> {
        Ok(Tree::Leaf(Value::Null))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        Tree::deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Leaf(Value::Bool(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Leaf(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Leaf(value.into()))
    }

    /// JSON has no infinity: such a number stays the text it was.
    fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
        let number = Number::from_f64(value).map(Value::Number);
        Ok(Tree::Leaf(number.unwrap_or_else(|| Value::String(value.to_string()))))
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::Leaf(Value::String(value.to_owned())))
    }

    fn visit_string<E>(self, value: String) -> Result<Tree, E> {
        Ok(Tree::Leaf(Value::String(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Tree, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Tree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<Tree, A::Error> {
        let mut map = Vec::new();
        while let Some(pair) = pairs.next_entry()? {
            map.push(pair);
        }
        Ok(Tree::Map(map))
    }
}

/// YAML 1.2 booleans only (a label `yes` is a text), duplicate keys refused, few aliases, since
/// each costs as much as what it stands for, and room for a large site in one text; the caller
/// limits its bytes.
pub(super) fn options() -> serde_saphyr::Options {
    serde_saphyr::options! {
        strict_booleans: true,
        with_snippet: false,
        budget: serde_saphyr::budget! {
            max_events: 8_000_000,
            max_nodes: 4_000_000,
            max_documents: 100_000,
            max_depth: 48,
            max_aliases: 1_000,
            max_anchors: 1_000,
            max_recorded_anchor_events: 20_000,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: 20_000,
        },
    }
}
