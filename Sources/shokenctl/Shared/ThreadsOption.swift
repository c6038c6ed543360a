// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation

/// The option that says how many threads compute.
///
/// Its default is that of the machine and stands in words, so that help is the same everywhere.
struct ThreadsOption: ParsableArguments {
    @Option(
        name: .customLong("threads"),
        help: "Threads to compute on (default: as many as the machine has).")
    var chosen: Int?

    func validate() throws {
        guard (1...1024).contains(count) else {
            throw ValidationError("--threads must be 1 to 1024")
        }
    }

    /// How many.
    var count: Int { chosen ?? ProcessInfo.processInfo.activeProcessorCount }
}
