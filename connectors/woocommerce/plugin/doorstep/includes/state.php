<?php
/**
 * What Doorstep told us when it connected, in one option. It holds the secret, so that WordPress is asked
 * not to load it with every page.
 *
 * @package Doorstep
 */

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

const STATE_OPTION  = 'doorstep_state';
const DEFAULT_PAGES = '/apps/doorstep';

/** All of it, complete: what was never told is empty. */
function state() {
	$kept    = get_option( STATE_OPTION );
	$nothing = array(
		'secret'      => '',
		'app'         => '',
		'door'        => '',
		'shop'        => '',
		'pages'       => DEFAULT_PAGES,
		'mails_off'   => array(),
		'script'      => false,
		'offset'      => 0,
		'received_at' => 0,
		'since'       => 0,
		'told_at'     => 0,
		'key_ids'     => array(),
	);
	return is_array( $kept ) ? array_merge( $nothing, array_intersect_key( $kept, $nothing ) ) : $nothing;
}

function keep_state( array $state ) {
	update_option( STATE_OPTION, $state, false );
}

function forget_state() {
	delete_option( STATE_OPTION );
}

/** Doorstep told us what we work with, and it is this shop that it told. */
function is_connected() {
	return has_settings() && is_at_home();
}

function has_settings() {
	$state = state();
	return '' !== $state['secret'] && '' !== $state['app'] && '' !== $state['door'];
}

/** Scheme and host of the Doorstep that we are connected with, without a slash at the end. */
function connected_app() {
	return state()['app'];
}

/** The shop's name as it was connected: its home address without the scheme. */
function shop_name() {
	return state()['shop'];
}

/** The path below which the shop's own pages of Doorstep lie. */
function pages_path() {
	return state()['pages'];
}

/** Whether pages may load Doorstep's script. */
function script_wanted() {
	return is_connected() && state()['script'];
}
