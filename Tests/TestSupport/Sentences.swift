// SPDX-License-Identifier: Apache-2.0
package import Faults
package import Testing

/// Expects that an error explains itself as all do: one sentence without full stop, which names what
/// it should.
package func expectSentence(
    of error: any Explained, naming words: [String],
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let sentence = error.explanation
    for word in words {
        #expect(sentence.contains(word), "\(sentence)", sourceLocation: sourceLocation)
    }
    #expect(
        !sentence.isEmpty && !sentence.hasSuffix(".") && !sentence.contains("\n"), "\(sentence)",
        sourceLocation: sourceLocation)
    // The case of an error as Swift prints it is no sentence.
    #expect(
        sentence.firstMatch(of: #/\b[a-z]\w*\(\w+: /#) == nil, "\(sentence)",
        sourceLocation: sourceLocation)
}
