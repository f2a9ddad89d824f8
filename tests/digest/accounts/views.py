"""Who reaches which view and which action of the desk: A author, E editor, P publisher, O operator, - none of them."""

# By who: the names of the views.
_VIEWS = {
    # superusers alone, or nobody: what comes by itself and is not made or thrown away at the desk
    "": """
        outgoing_mailhold_add outgoing_mailhold_delete
        news_article_add news_article_delete news_name_delete news_snapshot_add news_snapshot_delete
        news_host_add news_host_delete news_story_add news_story_delete news_watch_add news_watch_delete
        mailing_delivery_add mailing_delivery_delete mailing_mailing_add mailing_mailing_delete
        mailing_subscriber_add events_offer_add events_signup_add intake_tip_add intake_tip_delete
    """,
    "E": """
        news_picture_add news_picture_delete news_name_merge news_name_split news_name_mentions news_name_add
        news_handin news_handin_receive news_story_split news_story_apart news_story_no_copy news_story_merge
        news_story_followup news_story_undo news_topic_ask news_topic_answer news_topic_example
        news_topic_threshold_set news_topic_add news_topic_delete briefings_gone briefings_replace
        briefings_briefing_delete events_event_add events_event_delete events_tour_add events_tour_delete
        intake_tip_changelist intake_tip_change
    """,
    "O": """
        news_health_act news_opml news_source_listing news_source_add news_source_delete mailing_outbox
        mailing_outbox_letter mailing_outbox_eml mailing_subscriber_changelist mailing_subscriber_delete
        mailing_subscriber_change events_offer_changelist events_offer_delete events_offer_change
        events_signup_changelist events_signup_delete events_signup_change intake_token_changelist
        intake_token_add intake_token_delete intake_token_change auth_group_changelist auth_group_add
        auth_group_delete auth_group_change auth_user_password_change auth_user_changelist auth_user_add
        auth_user_delete auth_user_change
    """,
    "P": """
        briefings_briefing_publish briefings_import mailing_delivery_settle mailing_mailing_steer
        mailing_mailing_test
    """,
    "AE": """
        news_name_changelist news_name_change news_snapshot_compare news_snapshot_download
        news_snapshot_changelist news_snapshot_change news_story_changelist news_story_change
        news_topic_threshold news_topic_changelist news_topic_change briefings_briefing_compose
        briefings_briefing_candidates briefings_reported briefings_deny
    """,
    "EO": """
        news_health news_opml_export news_source_changelist news_source_change news_host_changelist
        news_host_change news_watch_changelist news_watch_change events_event_changelist events_event_change
        events_tour_changelist events_tour_change
    """,
    "PO": """
        mailing_delivery_changelist mailing_delivery_change mailing_mailing_changelist mailing_mailing_change
        outgoing_mailhold_changelist outgoing_mailhold_change outgoing_mailhold_release
    """,
    "AEO": """
        news_picture_changelist news_picture_change news_article_changelist news_article_change news_inbox
    """,
    "AEP": """
        briefings_briefing_preview briefings_briefing_changelist briefings_briefing_add
        briefings_briefing_change
    """,
    # of a row that is not there Django sends everybody to the first page
    "AEPO-": """
        news_picture_history news_article_history news_name_history news_snapshot_history news_source_history
        news_host_history news_story_history news_topic_history news_watch_history briefings_briefing_history
        mailing_delivery_history mailing_mailing_history mailing_subscriber_history events_event_history
        events_offer_history events_signup_history events_tour_history intake_tip_history intake_token_history
        auth_group_history auth_user_history app_list outgoing_mailhold_history
    """,
}
VIEWS = {name: who for who, names in _VIEWS.items() for name in names.split()}

# By who: the actions of the lists, model.action.
_ACTIONS = {
    "": """
        article.delete_selected host.delete_selected snapshot.delete_selected tip.delete_selected
    """,
    "E": """
        article.discard article.retry briefing.delete_selected event.delete_selected name.approve name.forbid
        name.merge picture.delete_selected picture.fetch_again tip.decline tip.take topic.delete_selected
        tour.delete_selected watch.check_now watch.mark_seen
    """,
    "P": """
        delivery.mark_sent delivery.send_again
    """,
    "O": """
        group.delete_selected host.reopen offer.delete_selected offer.mark_agreed offer.mark_declined
        offer.mark_talked offer.mark_thanked signup.cancel_signups signup.confirm_signups signup.delete_selected
        signup.export_csv
        source.delete_selected subscriber.delete_selected subscriber.unsubscribe token.delete_selected
        token.revoke user.delete_selected
    """,
}
ACTIONS = {name: who for who, names in _ACTIONS.items() for name in names.split()}
