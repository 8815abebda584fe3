<?php
/**
 * WordPress keeps the list of its addresses; it is written anew when ours change, never on each load.
 *
 * @package Doorstep
 */

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

const RULES_OPTION = 'doorstep_rules';

register_activation_hook( FILE, __NAMESPACE__ . '\\on_activation' );
register_deactivation_hook( FILE, __NAMESPACE__ . '\\on_deactivation' );
add_action( 'wp_loaded', __NAMESPACE__ . '\\write_rules_once' );

function on_activation() {
	if ( function_exists( __NAMESPACE__ . '\\add_rules' ) ) {
		add_rules();
	}
	flush_rewrite_rules( false );
	update_option( RULES_OPTION, rules_wanted() );
}

/** Another version, or another path for the pages. */
function write_rules_once() {
	if ( get_option( RULES_OPTION ) !== rules_wanted() ) {
		flush_rewrite_rules( false );
		update_option( RULES_OPTION, rules_wanted() );
	}
}

/** The connection stays; our addresses go. They are still known in this request, so the next one writes the list. */
function on_deactivation() {
	delete_option( RULES_OPTION );
	delete_option( 'rewrite_rules' );
}

function rules_wanted() {
	return VERSION . ' ' . pages_path();
}
