//! From pairs to incidents: clusters of a component by average link, in an order that ties cannot disturb.

/// Groups `count` items so that the mean score between any two groups lies below `tie`.
///
/// The two groups with the highest mean score are joined first; of equal ones, those with the smallest members. Scores
/// are whole numbers and means are compared as fractions, so the result is exact. Items must come in an order of their
/// own (by key), which settles ties. `verdicts` say where a person decided, newest first: two items are the same (`true`)
/// or not the same. A newer word outranks an older one that it cannot stand with.
pub fn clusters(
    count: usize,
    tie: i32,
    score: impl Fn(usize, usize) -> i32,
    verdicts: &[(usize, usize, bool)],
) -> Vec<Vec<usize>> {
    let mut groups: Vec<Option<Vec<usize>>> = (0..count).map(|i| Some(vec![i])).collect();
    let mut sums = vec![0i64; count * count];
    let mut barred = vec![false; count * count];
    for i in 0..count {
        for j in i + 1..count {
            let points = i64::from(score(i, j));
            sums[i * count + j] = points;
            sums[j * count + i] = points;
        }
    }
    let join =
        |groups: &mut Vec<Option<Vec<usize>>>, sums: &mut Vec<i64>, barred: &mut Vec<bool>, i: usize, j: usize| {
            let taken = groups[j].take().unwrap_or_default();
            if let Some(group) = &mut groups[i] {
                group.extend(taken);
                group.sort_unstable();
            }
            for k in 0..count {
                sums[i * count + k] += sums[j * count + k];
                sums[k * count + i] = sums[i * count + k];
                barred[i * count + k] |= barred[j * count + k];
                barred[k * count + i] = barred[i * count + k];
            }
        };
    for &(i, j, same) in verdicts {
        let home = |groups: &[Option<Vec<usize>>], x: usize| {
            groups.iter().position(|g| g.as_ref().is_some_and(|g| g.contains(&x)))
        };
        let (Some(x), Some(y)) = (home(&groups, i), home(&groups, j)) else { continue };
        if x == y {
            continue;
        }
        match same {
            true if !barred[x * count + y] => join(&mut groups, &mut sums, &mut barred, x.min(y), x.max(y)),
            true => {}
            false => (barred[x * count + y], barred[y * count + x]) = (true, true),
        }
    }
    loop {
        let mut best: Option<(i64, i64, usize, usize)> = None;
        for i in 0..count {
            let Some(left) = &groups[i] else { continue };
            for j in i + 1..count {
                let Some(right) = &groups[j] else { continue };
                if barred[i * count + j] {
                    continue;
                }
                let (sum, pairs) = (sums[i * count + j], (left.len() * right.len()) as i64);
                let better = best.is_none_or(|(s, p, _, _)| sum * p > s * pairs);
                if sum >= i64::from(tie) * pairs && better {
                    best = Some((sum, pairs, i, j));
                }
            }
        }
        let Some((_, _, i, j)) = best else { break };
        join(&mut groups, &mut sums, &mut barred, i, j);
    }
    groups.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_pairs_join_first_and_a_person_outranks_points() {
        let points = [[0, 90, 10], [90, 0, 50], [10, 50, 0]];
        let score = |i: usize, j: usize| points[i][j];
        assert_eq!(clusters(3, 46, score, &[]), vec![vec![0, 1], vec![2]]);
        assert_eq!(clusters(3, 30, score, &[]), vec![vec![0, 1, 2]]);
        let (apart, same) = ((0, 1, false), (0, 2, true));
        assert_eq!(clusters(3, 30, score, &[apart]), vec![vec![0], vec![1, 2]]);
        assert_eq!(clusters(3, 46, score, &[same]), vec![vec![0, 1, 2]]);
        // The newer of two words that cannot both stand wins.
        assert_eq!(clusters(3, 46, score, &[same, (0, 2, false)]), vec![vec![0, 1, 2]]);
        assert_eq!(clusters(3, 46, score, &[(0, 2, false), same]), vec![vec![0, 1], vec![2]]);
        assert_eq!(clusters(0, 46, |_, _| 0, &[]), Vec::<Vec<usize>>::new());
    }
}
