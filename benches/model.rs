//! Models of a given size and depth, as `manifest.json` describes them.

use serde::Deserialize;
use value_model::scale::Scale;
use value_model::scorecard::{Aggregator, Group, Measure, Node, Scorecard};

/// A tree of equal weights whose measures are units, in document order `m0`, `m1`, ..., its groups `g0` (the root), `g1`, ...
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shape {
    /// How many children a node has, from the root down; a list goes round the nodes of that level.
    pub levels: Vec<Fan>,
    /// How the innermost groups combine their measures; all other groups take the mean.
    #[serde(default)]
    pub aggregator: Aggregator,
    /// Children of the root, by place, whose measures are costs: a high value is bad.
    #[serde(default)]
    pub costs: Vec<usize>,
    /// Whether the root has no score without all of its groups.
    #[serde(default)]
    pub require: bool,
}

/// The number of children of the nodes of one level.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Fan {
    /// The same for each.
    Same(usize),
    /// One after the other.
    Each(Vec<usize>),
}

impl Fan {
    fn of(&self, node: usize) -> usize {
        match self {
            Self::Same(children) => *children,
            Self::Each(list) => list.get(node % list.len().max(1)).copied().unwrap_or_default(),
        }
    }
}

/// What has been named so far.
#[derive(Default)]
struct Built {
    measures: usize,
    groups: usize,
    /// Nodes of each level.
    nodes: Vec<usize>,
}

impl Shape {
    /// The scorecard.
    pub fn scorecard(&self) -> Scorecard {
        let mut built = Built { nodes: vec![0; self.levels.len()], ..Built::default() };
        let mut root = self.group(0, false, &mut built);
        if self.require {
            root.require = root.children.iter().map(|child| child_id(child).to_owned()).collect();
        }
        Scorecard::new("bench", "1", root)
    }

    fn group(&self, level: usize, cost: bool, built: &mut Built) -> Group {
        let mut group = Group::new(format!("g{}", built.groups));
        built.groups += 1;
        let node = built.nodes.get_mut(level).map(|count| std::mem::replace(count, *count + 1));
        let children = self.levels.get(level).zip(node).map_or(0, |(fan, node)| fan.of(node));
        let innermost = level + 1 >= self.levels.len();
        if innermost {
            group = group.aggregator(self.aggregator.clone());
        }
        for place in 0..children {
            let cost = cost || level == 0 && self.costs.contains(&place);
            group = if innermost {
                let measure = Measure::new(format!("m{}", built.measures), Scale::Unit);
                built.measures += 1;
                group.child(if cost { measure.reversed() } else { measure })
            } else {
                group.child(self.group(level + 1, cost, built))
            };
        }
        group
    }
}

fn child_id(node: &Node) -> &str {
    match node {
        Node::Group(group) => &group.id,
        Node::Measure(measure) => &measure.id,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> Scorecard {
        serde_json::from_str::<Shape>(text).unwrap().scorecard()
    }

    #[test]
    fn the_twelve_answers_are_the_same_model_as_the_file_that_the_command_reads() {
        let file = value_model_bridge::scorecard_from_toml(include_str!("twelve.toml")).unwrap();
        let mut text = value_model_bridge::scorecard_to_toml(&file).unwrap();
        let names =
            [("final", "g0"), ("value", "g1"), ("costs", "g2")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        let measures =
            (0..12).map(|m| (format!("{}{}", if m < 6 { 'v' } else { 'c' }, m % 6 + 1), format!("m{m}")));
        for (old, new) in names.into_iter().chain(measures) {
            text = text.replace(&format!("\"{old}\""), &format!("\"{new}\""));
        }
        let file = value_model_bridge::scorecard_from_toml(text).unwrap();
        let mut built = shape(r#"{"levels": [2, 6], "costs": [1], "require": true}"#);
        if let Some(Node::Group(costs)) = built.tree.children.get_mut(1) {
            // What a group is called when shown moves no number.
            costs.polarity = value_model::scorecard::Polarity::Cost;
        }
        assert_eq!(built.tree, file.tree);
    }

    #[test]
    fn uneven_levels_go_round() {
        let scorer = shape(r#"{"levels": [3, [4, 3, 3], 5]}"#).compile().unwrap();
        assert_eq!((scorer.measures().len(), scorer.groups().len()), (50, 1 + 3 + 10));
    }
}
