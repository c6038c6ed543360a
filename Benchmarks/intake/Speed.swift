// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import Glibc
import Intake

/// Reads each file again and again, as the daemon does, for so many seconds, and prints a line of JSON for
/// each with the processor time of one reading. usage: speed SECONDS FILE…
@main
struct Speed {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        guard let seconds = arguments.first.flatMap({ Double($0) }) else { exit(64) }
        for path in arguments.dropFirst() {
            guard let data = FileManager.default.contents(atPath: path) else { exit(66) }
            let name = URL(filePath: path).lastPathComponent
            var (best, documents) = (Double.infinity, 0)
            let end = processorSeconds() + seconds
            while processorSeconds() < end || best == .infinity {
                let begin = processorSeconds()
                documents = read(data, name)
                best = min(best, processorSeconds() - begin)
            }
            print(
                "{\"file\": \"\(name)\", \"bytes\": \(data.count), \"seconds\": \(best), "
                    + "\"documents\": \(documents)}")
        }
    }

    /// How many documents a file gives; ends the program for one that gives a fault, which would be quick.
    private static func read(_ data: Data, _ name: String) -> Int {
        do throws(IntakeError) {
            var documents = 0
            for entry in try DocumentReader().entries(in: data, fileName: name, kind: .nursing) {
                _ = try entry.result.get()
                documents += 1
            }
            return documents
        } catch {
            print("\(name): \(error.explanation)")
            exit(65)
        }
    }

    /// Of all threads, in user and system mode.
    private static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
