import ClinicalTasks
import Configuration
import Corpora
import DocumentPipeline
import DurableFiles
import Foundation
import HeadTraining
import JapaneseText
import ModelBundle
import Recipes
import ResultStore
import Tensors
import Terminology
import Tokenizers
import Training

/// A failure as a person reads it, with the exit code (sysexits.h) for scripts.
///
/// This is the one table in which errors, which carry facts, become sentences.
struct CommandFailure: Error {
    /// Exit codes of sysexits.h.
    enum Code {
        static let usage: Int32 = 64
        static let badData: Int32 = 65
        static let noInput: Int32 = 66
        static let unavailable: Int32 = 69
        static let software: Int32 = 70
        static let cannotCreate: Int32 = 73
        static let inputOutput: Int32 = 74
        static let tryAgain: Int32 = 75
        static let configuration: Int32 = 78
    }

    /// Exit code.
    let code: Int32
    /// What happened and what to do next, without full stop.
    let sentence: String

    init(_ code: Int32, _ sentence: String) {
        self.code = code
        self.sentence = sentence
    }

    /// The sentence for a known error; nil for those of the argument parser.
    init?(explaining error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let error as ConfigurationError:
            self = CommandFailure(Code.configuration, error.explanation)
        case let error as ComputeEnvironmentError:
            self = CommandFailure(Code.configuration, error.explanation)
        case let error as StoreError: self = Self.explain(error)
        case let error as TokenizerError: self = Self.explain(error)
        case let error as ChatTemplateError: self = Self.explain(error)
        case let error as FileError: self = Self.explain(error)
        case let error as MorphologyError: self = Self.explain(error)
        case let error as TermFileError: self = Self.explain(error)
        case let error as TrainingError: self = Self.explain(error)
        case let error as RecipeError: self = Self.explain(error)
        case let error as TrainingExportError: self = Self.explain(error)
        case let error as CorpusError: self = Self.explain(error)
        case let error as LabelledDataError: self = Self.explain(error)
        case let error as HeadTrainingError: self = Self.explain(error)
        case let error as ModelImportError: self = Self.explain(error)
        case let error as LabelMap.Fault: self = Self.explain(error)
        default:
            if let failure = CommandFailure(explainingModel: error) {
                self = failure
            } else if let failure = CommandFailure(explainingGeneration: error) {
                self = failure
            } else if let failure = CommandFailure(explainingTuning: error) {
                self = failure
            } else if let fault = ModelFault(error) {
                self = CommandFailure(Code.unavailable, fault.sentence)
            } else {
                return nil
            }
        }
    }

    private static func explain(_ error: StoreError) -> CommandFailure {
        switch error {
        case .cannotOpen(let file, let detail):
            CommandFailure(Code.noInput, "cannot open the database \(file): \(detail)")
        case .busy, .outdated:
            CommandFailure(Code.tryAgain, "the database is in use; try again")
        case .diskFull:
            CommandFailure(Code.inputOutput, "the disk under the database is full")
        case .disk(let code):
            CommandFailure(
                Code.inputOutput, "the database cannot be read or written (SQLite code \(code))")
        case .statement(let detail):
            CommandFailure(Code.usage, "the statement cannot be run: \(detail)")
        case .database(let code, let detail):
            CommandFailure(Code.software, "the database failed (SQLite code \(code)): \(detail)")
        }
    }
}
