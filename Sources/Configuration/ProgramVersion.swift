// SPDX-License-Identifier: Apache-2.0

/// Version of the program, as `--version` prints it and every result row names it.
package let programVersion = "0.1.0"
