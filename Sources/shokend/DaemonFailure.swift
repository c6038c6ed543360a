import Configuration
import DocumentPipeline
import DurableFiles
import Glibc
import ResultStore
import Tensors

/// Why the daemon ends with a failure, as a person reads it, with the exit code (sysexits.h).
///
/// This is the one table in which errors, which carry facts, become sentences and decisions.
struct DaemonFailure: Error {
    static let unavailable: Int32 = 69
    static let software: Int32 = 70
    static let cannotCreate: Int32 = 73
    static let tryAgain: Int32 = 75
    static let configuration: Int32 = 78

    /// Exit code.
    let code: Int32
    /// What happened and what to do next, without full stop.
    let sentence: String

    init(_ code: Int32, _ sentence: String) {
        self.code = code
        self.sentence = sentence
    }

    init(explaining error: any Error) {
        switch error {
        case let failure as DaemonFailure: self = failure
        case let error as ConfigurationError:
            self.init(Self.configuration, error.explanation)
        case let error as ComputeEnvironmentError:
            self.init(Self.configuration, error.explanation)
        case let error as FileError where error.operation == .lock && error.errno == EWOULDBLOCK:
            self.init(
                Self.tryAgain, "another daemon runs on this spool (\(error.path)); stop it first")
        case let error as FileError:
            self.init(
                error.isTemporary ? Self.tryAgain : Self.cannotCreate,
                "\(error.explanation); correct it and start again")
        case let error as StoreError where error.mayPass:
            self.init(Self.tryAgain, "cannot use the database: \(error)")
        case let error as StoreError:
            self.init(Self.cannotCreate, "cannot use the database: \(error)")
        case let error where ModelFault(error) != nil:
            self.init(Self.unavailable, ModelFault(error)?.sentence ?? "")
        default:
            self.init(Self.software, "cannot start: \(String(describing: type(of: error)))")
        }
    }
}
