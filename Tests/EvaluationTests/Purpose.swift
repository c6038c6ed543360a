// Tests of Evaluation: metrics and benchmark suites.
