// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import JapaneseText

/// A text cut into tokens and windows that fit a trunk's context.
struct WindowedText: Sendable {
    let text: AnalyzedText
    let tokens: [PlacedToken]
    let windows: TokenWindows

    /// - Parameter room: tokens of a window, those around it left out.
    init(_ text: AnalyzedText, _ source: TrunkTokens, room: Int) {
        self.text = text
        tokens = source.tokens(of: text)
        let tokens = tokens
        windows = TokenWindows(
            count: tokens.count, room: room,
            breaks: tokens.indices.dropFirst().filter {
                tokens[$0].sentence != tokens[$0 - 1].sentence
            })
    }

    /// Ids of a window's tokens.
    func ids(_ window: Int) -> [Int32] { tokens[windows.ranges[window]].map(\.id) }
}
