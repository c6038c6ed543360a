// SPDX-License-Identifier: Apache-2.0
package import Faults

extension RunComparisonError: Explained {
    /// Which runs, and where they are listed.
    package var explanation: String {
        switch self {
        case .noRun(let run):
            "there is no run \(run); shokenctl sql \"SELECT * FROM model_runs\" lists them"
        case .nothingInCommon(let first, let second):
            "no document has what both run \(first) and run \(second) found; former results may have been removed"
        }
    }

    /// There is nothing to compare.
    package var disposition: Disposition { .noInput }
}
