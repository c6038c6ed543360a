// SPDX-License-Identifier: Apache-2.0
import Configuration
import Faults
import Foundation

/// A configuration, given as bytes that may be anything.
///
/// An error is as good as a configuration: what must not happen is that the process ends.
/// `Scripts/fuzz settings` compiles this file with libFuzzer; the tests replay the corpus through it.
enum HostileSettings {
    /// Reads the bytes as `shoken.toml`; whether they are a configuration.
    static func read(_ bytes: Data) -> Bool {
        do throws(ConfigurationError) {
            let settings = try ServiceConfiguration(
                toml: String(decoding: bytes, as: UTF8.self), file: "/etc/shoken/shoken.toml")
            precondition(settings.compute.batchDocuments > 0, "a number is within its range")
            precondition(settings.spool.directory.hasPrefix("/"), "a path is absolute")
            return true
        } catch {
            precondition(!error.explanation.isEmpty, "an error says what is wrong")
            return false
        }
    }
}
