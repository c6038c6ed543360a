// SPDX-License-Identifier: Apache-2.0
import Foundation

/// What libFuzzer calls with each input; SHOKEN_FUZZ names the reader.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = start.map { Data(bytes: $0, count: count) } ?? Data()
    _ = Fuzzing.input.read(bytes, in: Fuzzing.folder)
    return 0
}

enum Fuzzing {
    /// The reader under test.
    static let input: HostileInput = {
        let name = ProcessInfo.processInfo.environment["SHOKEN_FUZZ"] ?? ""
        guard let input = HostileInput(rawValue: name) else {
            preconditionFailure("SHOKEN_FUZZ names no reader")
        }
        return input
    }()

    /// A folder in memory for files that must be on a disk; the index's has one file of weights.
    static let folder: URL = {
        let path = ProcessInfo.processInfo.environment["SHOKEN_FUZZ_FOLDER"] ?? "/dev/shm"
        return URL(filePath: path)
    }()
}
