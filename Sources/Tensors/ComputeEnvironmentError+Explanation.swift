// SPDX-License-Identifier: Apache-2.0
package import Faults

extension ComputeEnvironmentError: Explained {
    /// The variable and what it may say; not what it says.
    package var explanation: String {
        "the environment variable \(variable) must be one of \(known.joined(separator: ", ")), or unset"
    }

    /// The environment is to be set right.
    package var disposition: Disposition { .configuration }
}
