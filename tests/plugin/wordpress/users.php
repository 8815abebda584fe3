<?php
/** Who is asking, and what they may. */

class WP_User {
	public $ID           = 0;
	public $user_login   = '';
	public $display_name = '';
	public $user_email   = '';
	public $allcaps      = array();

	public function exists() {
		return $this->ID > 0;
	}

	public function has_cap( $capability ) {
		return in_array( $capability, $this->allcaps, true );
	}
}

function get_userdata( $id ) {
	$kept = stored( 'users' )[ $id ] ?? null;
	if ( null === $kept ) {
		return false;
	}
	$user               = new WP_User();
	$user->ID           = (int) $id;
	$user->user_login   = $kept['login'];
	$user->display_name = $kept['name'];
	$user->user_email   = $kept['email'];
	$user->allcaps      = $kept['caps'];
	return $user;
}

function get_user_by( $field, $value ) {
	if ( 'id' === strtolower( $field ) ) {
		return get_userdata( $value );
	}
	foreach ( stored( 'users' ) as $id => $user ) {
		if ( ( $user[ $field ] ?? null ) === $value ) {
			return get_userdata( $id );
		}
	}
	return false;
}

/** Of a browser: whoever logged in. */
function wp_get_current_user() {
	if ( ! isset( $GLOBALS['wordpress_user'] ) ) {
		$GLOBALS['wordpress_user'] = get_userdata( user_of_cookie() ) ?: new WP_User();
	}
	return $GLOBALS['wordpress_user'];
}

function wp_set_current_user( $id ) {
	$GLOBALS['wordpress_user'] = get_userdata( $id ) ?: new WP_User();
	return $GLOBALS['wordpress_user'];
}

function get_current_user_id() {
	return wp_get_current_user()->ID;
}

function is_user_logged_in() {
	return wp_get_current_user()->exists();
}

function current_user_can( $capability ) {
	return wp_get_current_user()->has_cap( $capability );
}

function user_can( $user, $capability ) {
	$user = $user instanceof WP_User ? $user : get_userdata( $user );
	return $user && $user->has_cap( $capability );
}

const LOGIN_COOKIE = 'wordpress_logged_in_test';

function login_cookie( $id ) {
	return $id . '|' . hash_hmac( 'sha256', (string) $id, 'logged_in' );
}

function user_of_cookie() {
	$given = (string) ( $_COOKIE[ LOGIN_COOKIE ] ?? '' );
	$id    = (int) $given;
	return hash_equals( login_cookie( $id ), $given ) ? $id : 0;
}

function wp_login_url( $redirect = '' ) {
	return site_url( 'wp-login.php' ) . ( $redirect ? '?redirect_to=' . urlencode( $redirect ) : '' );
}
