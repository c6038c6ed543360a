// SPDX-License-Identifier: Apache-2.0
package import Corpora

extension BenchmarkTask {
    /// Number of answers that the task's questions offer at most.
    package var classCount: Int {
        switch self {
        case .crade, .examination: 4
        case .rrtnm: 5
        case .smdis: 2
        case .jcsts: 6
        case .caseReportDiseases, .caseReportDrugs, .nursingEntities: 0
        }
    }

    /// How the benchmark weights a wrong answer in kappa.
    package var weighting: ClassificationMetrics.Weighting {
        switch self {
        case .crade, .jcsts: .linear
        default: .none
        }
    }
}
