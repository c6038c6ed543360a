// SPDX-License-Identifier: Apache-2.0

/// All that is found by written rules: mentions by lists and forms, what is said of them, TNM, doses, pairs.
package enum WrittenRules {
    /// Stands with every run. Raised whenever the same text may be answered otherwise, so that results of
    /// before and after can be told apart though model and program have the same version.
    package static let version = 3
}
