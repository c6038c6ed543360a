// SPDX-License-Identifier: Apache-2.0
import COneDNN
import Foundation
import Kernels

/// A variable of the process's environment that has no known value.
package struct ComputeEnvironmentError: Error, Hashable {
    /// The variable's name.
    package let variable: String
    /// What it says.
    package let value: String
    /// What it may say.
    package let known: [String]
}

/// What the environment says about products, and what they are computed with.
package enum ComputeEnvironment {
    /// Throws for a variable that says something unknown, so that a slip is not taken for the default.
    package static func check() throws(ComputeEnvironmentError) {
        for (variable, known) in [
            ("SHOKEN_CPU_FEATURES", ["portable", "avx2", "avx512"]),
            ("SHOKEN_MATRIX_PRODUCTS", ComputeBackend.allCases.map(\.rawValue)),
        ] {
            guard let value = ProcessInfo.processInfo.environment[variable],
                !known.contains(value)
            else { continue }
            throw ComputeEnvironmentError(variable: variable, value: value, known: known)
        }
    }

    /// Libraries, instructions and threads, in one line.
    package static var summary: String {
        let products =
            switch ComputeBackend.inUse {
            case .oneDNN: "oneDNN \(oneDNNVersion)"
            case .openBLAS: "OpenBLAS for \(OpenBLAS.processor), oneDNN \(oneDNNVersion)"
            }
        let kernels = ["portable", "avx2", "avx512"][min(2, max(0, Int(shoken_cpu_level())))]
        return "\(products), own kernels \(kernels), \(ComputeThreads.count) threads"
    }

    private static var oneDNNVersion: String {
        let version = shoken_onednn_version()
        return "\(version.major).\(version.minor).\(version.patch)"
    }
}
