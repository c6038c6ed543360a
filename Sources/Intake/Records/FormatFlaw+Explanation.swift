// SPDX-License-Identifier: Apache-2.0
package import Faults

extension FormatFlaw: Explained {
    /// The flaw alone; format and place are the caller's to name.
    package var explanation: String { sentence }

    /// The file or record is set aside.
    package var disposition: Disposition { .badData }
}
