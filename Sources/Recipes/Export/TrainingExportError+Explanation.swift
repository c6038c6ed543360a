// SPDX-License-Identifier: Apache-2.0
package import Faults

extension TrainingExportError: Explained {
    /// The place or the phase, and what helps.
    package var explanation: String {
        switch self {
        case .alreadyThere(let path):
            "\(path) is there already; choose another --output or remove it"
        case .noSpace(let directory, let needed, let free):
            "the export needs \(needed / 1_000_000) MB, and \(directory) has \(free / 1_000_000) MB left; give fewer --tokens or another --output"
        case .architecture(let name):
            "a model of the architecture \(name) cannot be exported for training"
        case .window(let tokens, let phase, let context):
            "the phase \(phase) has rows of \(context) tokens, above the model's window of \(tokens); that can be exported only with cross_documents = true and the objective causal"
        }
    }

    /// The place is at fault, or the run is of a kind that is not exported.
    package var disposition: Disposition {
        switch self {
        case .alreadyThere, .noSpace: .cannotCreate
        case .architecture, .window: .unavailable
        }
    }
}
