"""Functions whose parameters are text by their type and that the proof does not run, each with the reason."""

# By reason: the dotted names, with white space between them.
EXEMPT: dict[str, str] = {
    "a user name of at most 150 characters (digest/accounts/forms.py)": """
        digest.accounts.attempts.folded digest.accounts.browser.mark_of digest.accounts.browser.put_mark
    """,
    "a key, a name or a code of our own, never a text from outside": """
        digest.allowance.AbstractAllowance.take digest.allowance.AbstractAllowance.wait
        digest.allowance.AbstractAllowance.give_back digest.allowance.AbstractAllowance.clear
        digest.briefings.feed_formats.render
        digest.briefings.metadata.absolute digest.events.models.signup.SignupQuerySet.owe
        digest.events.limits.may_send digest.intake.api.for_token digest.intake.refusal.Refusal.answer
        digest.mailing.models.subscriber.SubscriberQuerySet.mailable_q digest.mailing.subscribe.change
        digest.mailing.subscribe.unsubscribe digest.intake.tokens.make digest.intake.forms.TipForm.again
        digest.mailing.forms.SubscribeForm.again digest.mail.OutboxBackend.holds
        digest.mailing.relay.BackendCarrier.took digest.mailing.relay.Carrier.took
        digest.mailing.relay.SmtpCarrier.took digest.schedule.every news.admin.source_form.fields_of
        news.admin.source_form.form_for news.admin.source_health.act news.embed.choose.engine
        news.embed.choose.plain news.embed.choose.plain_once news.embed.choose.quantised_folder
        news.embed.export.place news.embed.export.prepare news.embed.folder.first_position
        news.embed.folder.prompt_for news.embed.load news.embed.near.nearest news.embed.near_index.build
        news.embed.near_index.definition news.embed.near_index.index_name news.embed.packed.PackedModel.matrix
        news.embed.packed.PackedModel.vector news.embed.serving.switch news.embed.convert.kept_pieces
        news.embed.quantised.QuantisedEncoder.session news.models.article.ArticleQuerySet.waiting
        news.retries.next_try news.retries.rule_of news.search.asking.packed news.search.asking.unpacked
        news.sources.form.option_fields news.stories.pairs.features.Rarity.of news.stories.pairs.kept.keep
        news.stories.pairs.kept.kept news.stories.pairs.kept.key news.stories.pairs.kept.place
        news.summarise.summariser news.tasks.work news.topics.current.head_for news.topics.head.Head.unpacked
        digest.briefings.search.by_meaning.by_meaning digest.intake.tokens.put digest.briefings.feed_formats.as_xml
        news.http.dial.dial_proxy digest.briefings.search.vectors.keep digest.embedded.hold
        digest.embedded.hold_or_exit digest.postgres.await_postgres digest.valkey.await_valkey
        digest.web.server.Server.count digest.web.server.Server.may_forward news.enqueue.enqueue news.enqueue.send
        news.liveness.has_lost_its_holder digest.mailing.streaks.pause_if_refused
    """,
    "run by the operator, on files and settings of the operator's": """
        digest.bootstrap.bar digest.bootstrap.fail digest.bootstrap.install digest.bootstrap.last
        digest.bootstrap.run_step digest.child.end_leftover digest.environment.Environment.get_value
        digest.production.problems digest.setting_kinds.Kind.problem digest.setting_kinds.each
        digest.setting_kinds.Sender.problem
        digest.setting_kinds.is_host digest.setting_kinds.matching digest.setting_kinds.one_of
        digest.setting_kinds.schemes digest.setting_table.Setting.problem digest.setting_table.problems
        news.http.proxy.Proxy.parse
        news.management.commands.extract.line news.management.commands.leads.Command.handle
        news.management.commands.opml.Command.handle digest.briefings.evaluate_search.measured
        digest.mail.envelope_address digest.sender.address digest.sender.problem digest.sender.quoted
        digest.sender.split
    """,
    "a hook of Django's: an id of a path, an address of Django's own, a look-up": """
        digest.desk.Desk.login digest.desk.Desk.password_change
        digest.briefings.admin.briefing.BriefingAdmin.changelist_view
        digest.mailing.admin.mailings.MailingAdmin.changelist_view digest.accounts.groups.make_groups
        digest.accounts.groups.codenames
        digest.briefings.admin.briefing.BriefingAdmin.change_view digest.desk.Desk.index
        digest.outgoing.admin.MailHoldAdmin.change_view
        digest.intake.admin.TokenAdmin.response_add digest.mailing.admin.deliveries.DeliveryAdmin.change_view
        digest.mailing.admin.mailings.MailingAdmin.change_view news.admin.picture.PictureAdmin.response_add
        news.admin.snapshot.SnapshotAdmin.lookup_allowed news.admin.source.SourceAdmin.add_view
        news.admin.source.SourceAdmin.changeform_view news.admin.story.StoryAdmin.change_view
        digest.briefings.issue_date.IssueDate.to_python digest.briefings.issue_date.IssueDate.to_url
    """,
    "a slug or a token of a path, looked up whole in the database or checked as a signature": """
        digest.briefings.feeds.of_topic digest.briefings.feeds.whole digest.briefings.views.names.name
        digest.briefings.views.topics.topic digest.events.views.offer digest.events.views.offer_thanks
        digest.events.views.signup digest.events.views.signup_cancel digest.events.views.signup_join
        digest.events.views.signup_confirm
        digest.events.views.tour digest.events.views.tour_ics digest.events.forms.OfferForm.offer
        digest.pictures.picture digest.mailing.tokens.confirms digest.mailing.tokens.holder
        digest.mailing.views.confirm digest.mailing.views.preferences digest.mailing.views.unsubscribe
        digest.intake.tokens.find news.pictures.address.key_in
    """,
    "one database query around functions of the registry": """
        digest.briefings.search.by_words.by_words digest.briefings.search.filters.read digest.briefings.search.find
        digest.briefings.search.ranking.found digest.briefings.search.suggest.suggestions
        digest.intake.tips.recommend news.admin.article.ArticleAdmin.get_search_results news.handin.hand_in
        news.models.article.ArticleQuerySet.same_stub news.names.edit.spell news.names.edit.check_spelling
        news.names.find.names_in
        news.names.find.public_ids news.pictures.register.register news.robots.learn news.search.asking.query_vector
        news.search.rank.best news.search.rank.find news.search.rank.hits news.search.rank.ranked
        news.search.rank.relevance news.search.rank.tsquery news.search.rank.worths news.search.vector.vector_for
        news.snapshots.validators news.stubs.twins news.watching.next_check news.sources.inbox.add
        news.sources.inbox.file news.sources.inbox.follow news.sources.inbox.weigh
    """,
    "one link at a time, of MOST links at most in a web request (tests/news/test_inbox.py, tests/digest/intake)": """
        news.sources.inbox.foresee news.sources.inbox.look news.sources.inbox.paste
    """,
    "the network, a host's name or a letter: what comes and goes is capped, and timed by deadlines": """
        digest.mailing.compose.compose_test digest.mailing.limits.may_write_to
        digest.events.limits.may_ask_to_confirm digest.outgoing.strangers.may_write_to
        digest.outgoing.strangers.has_confirmed
        digest.mailing.relay.BackendCarrier.carry digest.mailing.relay.Carrier.carry
        digest.mailing.relay.SmtpCarrier.carry digest.mailing.subscribe.ask digest.mailing.subscribe.ask_for_link
        digest.mail.letter digest.mail.list_headers digest.mail.post news.http.door.Door.ask news.http.guard.resolve
        news.http.visit.fetch news.manners.ask news.manners.ask_in_turn news.manners.lead_of news.manners.tell_host
        news.models.host.HostQuerySet.give_back news.models.host.HostQuerySet.leave_alone
        news.models.host.HostQuerySet.release news.models.host.HostQuerySet.rest
        news.models.host.HostQuerySet.saw_page news.models.host.HostQuerySet.saw_wall
        news.models.host.HostQuerySet.take_turn news.sources.poll.preview
    """,
    "the encoder reads the first tokens of a text, whatever its length (MOST_TOKENS)": """
        news.embed.base.Encoder.encode news.embed.quantised.QuantisedEncoder.encode
        news.embed.sentence.SentenceEncoder.encode news.embed.stored.stored_vectors news.embed.tokens.think
        news.embed.tokens.tokens
    """,
    "words that words_of counted, or heads of 150 characters, in one pass": """
        news.stories.pairs.heads.Heads.rows news.topic_scores.TopicSpace.scores news.topics.head.Head.scores
        news.topics.model.TopicModel.judge news.topics.model.TopicModel.logits news.topics.words.Vocabulary.of
        news.topics.words.Vocabulary.row
    """,
    "a contract: its implementations are in the registry": """
        news.sources.base.Kind.check news.sources.base.Kind.read news.sources.base.Kind.request
        news.summarise.base.Summariser.summarise
    """,
    "escapes, hashes or looks up a text once, in native code": """
        digest.briefings.search.shown.marked digest.events.export.csv_response news.extract.literal.Literal.at
        news.extract.literal.Literal.items_of news.extract.literal.Literal.text news.pictures.register.key_of
        news.pictures.shown.attributes_of news.pictures.upload.read_upload news.sources.page_json.word
    """,
    "our own answer on its way to the client": """
        digest.web.channel.Channel.send digest.web.request.Task.write
    """,
    "hands the 32 KiB of one recv on to digest.web.request.Request.received": """
        digest.web.channel.Channel.received
    """,
    "a form's own fields, checked by functions of the registry": """
        digest.events.forms.NameField.validate
        news.sources.form.check_address news.sources.form.check_options
    """,
}
