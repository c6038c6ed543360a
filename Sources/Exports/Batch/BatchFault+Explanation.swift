// SPDX-License-Identifier: Apache-2.0
package import Faults

extension BatchFault: Explained {
    /// What it says; file and line stand beside it in the report.
    package var explanation: String { words }

    /// The answers are at fault.
    package var disposition: Disposition { .badData }
}
