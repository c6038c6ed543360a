// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// The documents of a message of results (ORU): each order's report; or the texts of its orders (OMI, OMG).
struct HL7Reports {
    private let reader: HL7Reader
    private let message: HL7Message
    private let areOrders: Bool

    init(_ reader: HL7Reader, _ message: HL7Message, areOrders: Bool) {
        (self.reader, self.message, self.areOrders) = (reader, message, areOrders)
    }

    /// A document or fault of each report; one fault where no order of the message has one.
    func documents() throws(IntakeError) -> [Result<ClinicalDocument, IntakeError>] {
        let orders = try orders()
        var results: [Result<ClinicalDocument, IntakeError>] = []
        var passedOver: IntakeError?
        for order in orders {
            do throws(IntakeError) {
                results.append(.success(try document(of: order)))
            } catch {
                if case .flaw(.nothingToRead, _, _) = error {
                    passedOver = passedOver ?? error
                } else {
                    results.append(.failure(error))
                }
            }
        }
        guard results.isEmpty else { return results }
        throw passedOver
            ?? .hl7(areOrders ? .nothingToRead("the orders hold no text") : .missing(field: "OBR"))
    }

    // MARK: Orders

    /// An order with its observations.
    private struct Order {
        let patient: HL7Segment?
        let visit: HL7Segment?
        let common: HL7Segment?
        let request: HL7Segment?
        var observations: [HL7Segment] = []

        /// The filler's number, else the placer's with the code of the service; with the bare number.
        func identity(areOrders: Bool) -> (key: String, identifier: String)? {
            let filler = request?.wholeValue(3) ?? common?.wholeValue(3)
            if let filler, !areOrders {
                return ("hl7v2:" + filler, request?.bareValue(3) ?? common?.bareValue(3) ?? filler)
            }
            guard let placer = request?.wholeValue(2) ?? common?.wholeValue(2) else { return nil }
            let bare = request?.bareValue(2) ?? common?.bareValue(2) ?? placer
            if areOrders { return ("hl7v2:order:" + placer, bare) }
            return ("hl7v2:" + placer + "+" + (request?.value(4) ?? ""), bare)
        }

        var patientIdentifier: String? { patient?.patient?.identifier }
    }

    /// The orders of the message; those of one number are one report, and so is one without a number with
    /// the one before it.
    private func orders() throws(IntakeError) -> [Order] {
        var orders: [Order] = []
        var places: [String: Int] = [:]
        var (patient, visit, common): (HL7Segment?, HL7Segment?, HL7Segment?)
        var isOpen = false
        var index: Int?
        for segment in message.segments {
            switch segment.name {
            case "PID": (patient, visit, common, index, isOpen) = (segment, nil, nil, nil, false)
            case "PV1": visit = segment
            case "ORC": (common, isOpen) = (segment, true)
            case "OBR":
                let order = Order(
                    patient: patient, visit: visit, common: isOpen ? common : nil, request: segment)
                index = add(order, to: &orders, &places, after: index)
                isOpen = false
                guard orders.count <= reader.limits.maximumRecords else {
                    throw .hl7(
                        .tooMuch(of: "orders in a message", limit: reader.limits.maximumRecords))
                }
            case "OBX", "NTE":
                if index == nil {
                    guard segment.name == "OBX", let common else { continue }
                    let order = Order(
                        patient: patient, visit: visit, common: common, request: nil)
                    index = add(order, to: &orders, &places, after: nil)
                }
                if let index { orders[index].observations.append(segment) }
            default: continue
            }
        }
        return orders
    }

    private func add(
        _ order: Order, to orders: inout [Order], _ places: inout [String: Int], after index: Int?
    ) -> Int {
        let key = order.identity(areOrders: areOrders)?.key
        if let key, let place = places[key + "\u{1F}" + (order.patientIdentifier ?? "")] {
            return place
        }
        if key == nil, let index { return index }
        orders.append(order)
        if let key { places[key + "\u{1F}" + (order.patientIdentifier ?? "")] = orders.count - 1 }
        return orders.count - 1
    }

    // MARK: Documents

    private func document(of order: Order) throws(IntakeError) -> ClinicalDocument {
        var observations = try HL7Observations(
            order.observations, takesNotes: true, limits: reader.limits)
        if HL7Kinds.isLaboratory(order.request) { observations.dropValues() }
        let status = status(of: order, observations)
        let request = order.request
        let names = [1, 2, 4, 5].compactMap { request?.value(4, $0) }
        let content = try HL7Content(
            reader, observations, reportNames: Set(names), isWithdrawn: status == .withdrawn)
        if content.text.text.isEmpty, status != .withdrawn {
            throw lack(of: order, observations)
        }
        var source = DocumentSource(format: .hl7)
        let identity = order.identity(areOrders: areOrders)
        guard identity != nil || status != .withdrawn else {
            throw .hl7(.missing(field: areOrders ? "OBR-2" : "OBR-3"))
        }
        source.key = identity?.key
        source.status = status
        source.title = request?.value(4, 2) ?? request?.value(4, 5)
        (source.code, source.codeSystem) = (request?.value(4, 1), request?.value(4, 3))
        source.author = request?.person(32) ?? order.observations.first?.author
        source.order =
            request?.value(2) ?? order.common?.value(2) ?? request?.value(18) ?? request?.value(3)
        source.department = order.visit?.named(10) ?? order.common?.named(17)
        source.visit = order.visit?.value(19)
        let times = [request?.value(22), request?.value(7), order.common?.value(9)]
        return HL7Content.document(
            content, message: message, patient: order.patient, source: source,
            identifier: identity?.identifier, authored: HL7Time.first(of: times),
            kind: request.map(HL7Kinds(codes: reader.codes, folder: reader.kind).kind(ofOrder:))
                ?? reader.kind)
    }

    private func status(of order: Order, _ observations: HL7Observations) -> SenderStatus {
        if observations.isWithdrawn { return .withdrawn }
        if areOrders {
            let control = order.common?.value(1)?.uppercased() ?? ""
            return ["CA", "OC", "CR", "DC", "OD", "DR"].contains(control) ? .withdrawn : .final
        }
        let state = order.request?.value(25)?.uppercased() ?? ""
        if state == "X" { return .withdrawn }
        if observations.isCorrected { return .corrected }
        if observations.isAmended { return .amended }
        return Self.status(of: state) ?? Self.status(of: observations.states)
    }

    private static func status(of state: String) -> SenderStatus? {
        switch state {
        case "P", "R", "S", "A", "I", "O": .preliminary
        case "F": .final
        case "C", "M", "K": .corrected
        default: nil
        }
    }

    /// The status of a report whose order says none, by those of its lines.
    private static func status(of states: Set<String>) -> SenderStatus {
        let all = Set(states.compactMap { status(of: $0) })
        if all.contains(.corrected) { return .corrected }
        if all.contains(.preliminary) { return .preliminary }
        return all.contains(.final) ? .final : .unknown
    }

    /// Why an order has no document.
    private func lack(of order: Order, _ observations: HL7Observations) -> IntakeError {
        if !observations.data.isEmpty { return .hl7(.noText) }
        if observations.hasOnlyStatus {
            return .hl7(
                .nothingToRead("the message only says that a report sent before is final now"))
        }
        if areOrders { return .hl7(.nothingToRead("the orders hold no text")) }
        if order.request == nil { return .hl7(.missing(field: "OBR")) }
        if observations.texts > 0, observations.numbers == 0,
            !HL7Kinds.isLaboratory(order.request), !observations.hasValues
        {
            return .hl7(.noText)
        }
        let isSettled = ["F", "C"].contains(order.request?.value(25)?.uppercased() ?? "")
        if isSettled, !order.observations.contains(where: { $0.name == "OBX" }) {
            return .hl7(.noText)
        }
        return .hl7(.nothingToRead("the results hold no narrative, and they were passed over"))
    }
}

extension HL7Segment {
    /// The identifier of an EI without the name of who gave it.
    func bareValue(_ field: Int) -> String? {
        value(field, 1) ?? value(field, 3) ?? value(field, 2)
    }

    /// Who is responsible for an observation.
    fileprivate var author: String? { name == "OBX" ? person(16) : nil }
}
