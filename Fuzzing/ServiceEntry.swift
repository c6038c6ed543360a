// SPDX-License-Identifier: Apache-2.0
import Foundation

/// What libFuzzer calls with each input; SHOKEN_FUZZ names what it is taken for.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = start.map { Data(bytes: $0, count: count) } ?? Data()
    if let name = Fuzzing.name {
        do { _ = try name.pass(bytes) } catch { preconditionFailure("the spool refuses: \(error)") }
    } else {
        _ = HostileSettings.read(bytes)
    }
    return 0
}

enum Fuzzing {
    /// The spool that names go through; nil where the input is a configuration.
    static let name: HostileName? = {
        let environment = ProcessInfo.processInfo.environment
        guard environment["SHOKEN_FUZZ"] == "spoolname" else { return nil }
        let folder = URL(filePath: environment["SHOKEN_FUZZ_FOLDER"] ?? "/dev/shm")
        guard let name = try? HostileName(folder: folder) else {
            preconditionFailure("no spool can be made in SHOKEN_FUZZ_FOLDER")
        }
        return name
    }()
}
