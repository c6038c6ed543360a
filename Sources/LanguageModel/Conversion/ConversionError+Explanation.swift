// SPDX-License-Identifier: Apache-2.0
package import Faults

extension ConversionError: Explained {
    /// The file and why it is not converted.
    package var explanation: String {
        switch self {
        case .encoder(let file):
            "\(file) is an encoder; encoders are converted from folder to folder only"
        case .decoderInRows(let file):
            "\(file) is a decoder; in 8 bits it is written as a GGUF file (shokenctl model quantize)"
        case .tokenizerSize(let file, let tokens, let vocabulary):
            "\(file) has \(tokens) tokens, but the model's vocabulary is \(vocabulary); they do "
                + "not belong together"
        }
    }

    /// An encoder is in order and not supported.
    package var disposition: Disposition {
        switch self {
        case .encoder, .decoderInRows: .unavailable
        case .tokenizerSize: .badData
        }
    }
}
