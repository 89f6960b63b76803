//! Equality of results: numbers by their bits, fields by name.

use value_model_bridge::Tree;

/// Whether two results are the same: every number to the last bit, whatever the order of the fields.
pub fn same(a: &Tree, b: &Tree) -> bool {
    match (a, b) {
        (Tree::Number(a), Tree::Number(b)) => a.to_bits() == b.to_bits(),
        (Tree::List(a), Tree::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Tree::Record(a), Tree::Record(fields)) => {
            a.len() == fields.len()
                && a.iter().all(|(name, value)| b.get(name).is_some_and(|other| same(value, other)))
        }
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::same;
    use value_model_bridge::Tree;

    #[test]
    fn the_last_bit_and_the_sign_of_zero_count_but_not_the_order_of_fields() {
        let tree = |text: &str| serde_json::from_str::<Tree>(text).unwrap();
        assert!(same(&tree(r#"{"a":1,"b":[0.1]}"#), &tree(r#"{"b":[0.1],"a":1.0}"#)));
        for (a, b) in [
            ("0.1", "0.10000000000000002"),
            ("0.0", "-0.0"),
            (r#"{"a":1}"#, r#"{"a":1,"b":null}"#),
            ("[1]", "[1,1]"),
        ] {
            assert!(!same(&tree(a), &tree(b)), "{a} {b}");
        }
    }
}
