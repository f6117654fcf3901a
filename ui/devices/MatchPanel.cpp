#include "ui/devices/MatchPanel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "models/base/ErrorText.h"
#include "ui/devices/MatchSentences.h"
#include "ui/widgets/IconSet.h"
#include "ui/widgets/PlainLabel.h"

namespace postern::devices {

using namespace Qt::StringLiterals;
using widgets::PlainLabel;
using widgets::Tone;
namespace spacing = widgets::spacing;

namespace {

PlainLabel* message(PlainLabel::Look look, QWidget* parent)
{
    auto* label = new PlainLabel({}, look, parent);
    label->setMessage();
    return label;
}

} // namespace

MatchPanel::MatchPanel(QWidget* parent)
    : QScrollArea(parent)
{
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setAccessibleName(tr("Match"));
    auto* body = new QWidget;
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(spacing::wide, spacing::wide, spacing::wide, spacing::wide);
    column->setSpacing(spacing::normal);
    m_sentence = message(PlainLabel::Look::Strong, body);
    m_consequence = message(PlainLabel::Look::Muted, body);
    m_heading = new PlainLabel(tr("Candidates and suggestions"), PlainLabel::Look::Strong, body);
    m_answer = message(PlainLabel::Look::Body, body);
    m_candidates = new QVBoxLayout;
    m_candidates->setSpacing(spacing::wide);
    for (QWidget* part : std::initializer_list<QWidget*>{m_sentence, m_consequence, m_heading, m_answer})
        column->addWidget(part);
    column->addLayout(m_candidates);
    column->addStretch(1);
    setWidget(body);
}

void MatchPanel::showMatch(DeviceKey device, MatchKind kind)
{
    const bool another = !(device == m_device);
    m_device = device;
    m_sentence->setText(kind == MatchKind::None ? noMatchSentence(device.isManaged()) : matchSentence(kind));
    m_consequence->setText(matchConsequence(kind));
    m_consequence->setVisible(kind != MatchKind::None);
    if (!another)
        return;
    m_detail = {};
    clearCandidates();
    m_heading->hide();
    m_answer->hide();
}

void MatchPanel::showDetail(const DeviceDetail& detail)
{
    if (!(detail.key == m_device) || detail == m_detail)
        return;
    m_detail = detail;
    const bool reset = std::ranges::any_of(detail.partnerships, &DevicePartnership::probablyReset);
    if (reset) {
        m_consequence->setText(resetSentence());
        m_consequence->show();
    }
    clearCandidates();
    for (const MatchCandidate& candidate : detail.candidates)
        m_candidates->addWidget(makeCandidate(candidate));
    m_heading->setVisible(!detail.candidates.empty());
}

void MatchPanel::showAnswer(const std::optional<Error>& refused)
{
    m_answer->setTone(refused ? Tone::Bad : Tone::Good);
    m_answer->setText(refused ? ErrorText::sentence(*refused) : tr("The decision was saved."));
    m_answer->show();
    for (auto* button : widget()->findChildren<QPushButton*>())
        button->setEnabled(true);
}

void MatchPanel::clearCandidates()
{
    while (QLayoutItem* item = m_candidates->takeAt(0)) {
        item->widget()->hide(); // one of its buttons may be the sender
        item->widget()->deleteLater();
        delete item;
    }
}

QWidget* MatchPanel::makeCandidate(const MatchCandidate& candidate)
{
    auto* box = new QWidget(widget());
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(spacing::normal);
    auto* mark = new QLabel(box);
    const bool suggested = candidate.kind == CandidateKind::Suggested;
    const Tone tone = suggested ? Tone::Accent : Tone::Warning;
    mark->setPixmap(widgets::icon(suggested ? u"info"_s : u"warning"_s, tone).pixmap(20, 20));
    row->addWidget(mark, 0, Qt::AlignTop);
    auto* texts = new QVBoxLayout;
    texts->setSpacing(spacing::tight);
    for (const QString& text : {candidatePartnership(candidate), candidateDevice(candidate)}) {
        auto* label = message(PlainLabel::Look::Body, box);
        label->setText(text);
        texts->addWidget(label);
    }
    auto* why = message(PlainLabel::Look::Muted, box);
    why->setText(candidateSentence(candidate));
    texts->addWidget(why);
    row->addLayout(texts, 1);
    if (!suggested)
        return box;
    for (const bool accept : {true, false}) {
        auto* button = new QPushButton(accept ? tr("Confirm") : tr("Reject"), box);
        button->setAccessibleName(u"%1: %2"_s.arg(button->text(), candidatePartnership(candidate)));
        connect(
            button, &QPushButton::clicked, this, [this, candidate, accept] { decide(candidate, accept); });
        row->addWidget(button, 0, Qt::AlignTop);
    }
    return box;
}

void MatchPanel::decide(const MatchCandidate& candidate, bool accept)
{
    m_answer->hide();
    for (auto* button : widget()->findChildren<QPushButton*>())
        button->setEnabled(false); // until the site has answered
    emit suggestionDecided(candidate.partnership, candidate.device, accept);
}

QString MatchPanel::toText() const
{
    QStringList lines;
    for (const auto* label : widget()->findChildren<PlainLabel*>()) {
        if (!label->isHidden() && !label->parentWidget()->isHidden() && !label->text().isEmpty())
            lines.append(label->text());
    }
    return lines.join(u'\n');
}

} // namespace postern::devices
