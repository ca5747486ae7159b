//! The solver: dual coordinate descent for L2-regularised squared-hinge classifiers, all columns at once.
//!
//! The method of liblinear (Hsieh et al., 2008), with the weights of all columns side by side, so that one walk over
//! an example's features serves every column. The order of examples is shuffled by a fixed sequence: the same
//! problem always gives the same bits.

/// A sparse vector: features and values.
pub(super) type Sparse = Vec<(u32, f32)>;

/// Many binary problems over the same examples.
pub(super) struct Problem<'a> {
    pub examples: &'a [Sparse],
    pub features: usize,
    pub columns: usize,
    /// Of every example its answers, one a column: +1, -1, or 0 for unknown.
    pub answers: &'a [i8],
    /// Of every example and column, how much a mistake costs.
    pub costs: &'a [f32],
}

/// Weights, a row of columns a feature, and one offset a column.
pub(super) struct Solution {
    pub weights: Vec<f32>,
    pub biases: Vec<f32>,
}

impl Solution {
    /// Adds to `margins` the distance of an example from each boundary.
    pub fn margins(&self, example: &Sparse, margins: &mut [f32]) {
        margins.copy_from_slice(&self.biases);
        for &(feature, value) in example {
            let row = &self.weights[feature as usize * margins.len()..][..margins.len()];
            margins.iter_mut().zip(row).for_each(|(margin, weight)| *margin += value * weight);
        }
    }
}

pub(super) fn solve(problem: &Problem, epochs: usize) -> Solution {
    let columns = problem.columns;
    let mut solution = Solution { weights: vec![0.0; problem.features * columns], biases: vec![0.0; columns] };
    let mut alphas = vec![0.0_f32; problem.examples.len() * columns];
    let mut margins = vec![0.0_f32; columns];
    let mut order: Vec<usize> = (0..problem.examples.len()).collect();
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    for _ in 0..epochs {
        shuffle(&mut order, &mut random);
        for &i in &order {
            let example = &problem.examples[i];
            // The offset is the weight of one more feature, always 1.
            let square = 1.0 + example.iter().map(|(_, value)| value * value).sum::<f32>();
            solution.margins(example, &mut margins);
            let span = i * columns..(i + 1) * columns;
            let step = Step { square, answers: &problem.answers[span.clone()], costs: &problem.costs[span.clone()] };
            if step.take(&mut alphas[span], &mut margins) {
                add(&mut solution, example, &margins);
            }
        }
    }
    solution
}

/// One example's move in every column.
struct Step<'a> {
    square: f32,
    answers: &'a [i8],
    costs: &'a [f32],
}

impl Step<'_> {
    /// Turns margins into what is to be added to the weights; false if that is nothing.
    fn take(&self, alphas: &mut [f32], margins: &mut [f32]) -> bool {
        let mut moved = false;
        for (c, (alpha, margin)) in alphas.iter_mut().zip(margins).enumerate() {
            let answer = f32::from(self.answers[c]);
            if answer == 0.0 {
                *margin = 0.0;
                continue;
            }
            let softness = 0.5 / self.costs[c];
            let gradient = answer * *margin - 1.0 + softness * *alpha;
            let new = (*alpha - gradient / (self.square + softness)).max(0.0);
            *margin = (new - *alpha) * answer;
            moved |= *margin != 0.0;
            *alpha = new;
        }
        moved
    }
}

fn add(solution: &mut Solution, example: &Sparse, moves: &[f32]) {
    solution.biases.iter_mut().zip(moves).for_each(|(bias, by)| *bias += by);
    for &(feature, value) in example {
        let row = &mut solution.weights[feature as usize * moves.len()..][..moves.len()];
        row.iter_mut().zip(moves).for_each(|(weight, by)| *weight += value * by);
    }
}

fn shuffle(order: &mut [usize], random: &mut u64) {
    for i in (1..order.len()).rev() {
        *random ^= *random << 13;
        *random ^= *random >> 7;
        *random ^= *random << 17;
        let j = usize::try_from(*random % (i as u64 + 1)).expect("smaller than i");
        order.swap(i, j);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn toy(answers: &[i8]) -> Solution {
        let examples = [vec![(0, 1.0)], vec![(1, 1.0)], vec![(0, 0.6), (2, 0.8)], vec![(1, 0.6), (2, 0.8)]];
        let costs = vec![10.0; answers.len()];
        solve(&Problem { examples: &examples, features: 3, columns: 2, answers, costs: &costs }, 50)
    }

    #[test]
    fn separates_what_can_be_separated() {
        let solution = toy(&[1, -1, -1, 1, 1, -1, -1, 1]);
        let mut margins = [0.0; 2];
        for (feature, first_wins) in [(0, true), (1, false)] {
            solution.margins(&vec![(feature, 1.0)], &mut margins);
            assert_eq!((margins[0] > 0.0, margins[1] > 0.0), (first_wins, !first_wins), "{feature}: {margins:?}");
        }
    }

    #[test]
    fn unknown_answers_teach_nothing() {
        let solution = toy(&[1, 0, -1, 0, 1, 0, -1, 0]);
        assert!(solution.weights.iter().skip(1).step_by(2).all(|&weight| weight == 0.0));
        assert!(solution.weights[0] > 0.0);
    }

    #[test]
    fn the_same_problem_gives_the_same_bits() {
        let answers = [1, -1, -1, 1, 1, -1, -1, 1];
        assert_eq!(toy(&answers).weights, toy(&answers).weights);
    }
}
