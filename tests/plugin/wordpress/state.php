<?php
/** The shop's database: one JSON file, read fresh and written under a lock, so that several requests agree. */

/** A part of it: options, users, tables, orders. */
function stored( $part ) {
	$text = (string) @file_get_contents( state_file() );
	$all  = '' === $text ? first_state() : json_decode( $text, true, 512, JSON_THROW_ON_ERROR );
	return $all[ $part ] ?? array();
}

/** `$change` gets the part and returns what it is now. */
function store( $part, callable $change ) {
	$file = fopen( state_file(), 'c+' );
	flock( $file, LOCK_EX );
	$text         = stream_get_contents( $file );
	$all          = '' === $text ? first_state() : json_decode( $text, true, 512, JSON_THROW_ON_ERROR );
	$all[ $part ] = $change( $all[ $part ] ?? array() );
	rewind( $file );
	ftruncate( $file, 0 );
	fwrite( $file, json_encode( $all, JSON_THROW_ON_ERROR | JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES ) );
	fflush( $file );
	flock( $file, LOCK_UN );
	fclose( $file );
}

function state_file() {
	static $made = null;
	$named = getenv( 'WORDPRESS_STATE' );
	if ( $named ) {
		return $named;
	}
	if ( null === $made ) {
		$made = tempnam( sys_get_temp_dir(), 'wordpress-' );
		register_shutdown_function( static fn() => @unlink( $made ) );
	}
	return $made;
}

/** A merchant (1), a customer (2), an editor who may not manage the shop (3); one pair of REST keys each. */
function first_state() {
	$caps = array(
		1 => array( 'read', 'edit_posts', 'manage_woocommerce', 'manage_options', 'activate_plugins', 'export_others_personal_data', 'erase_others_personal_data' ),
		2 => array( 'read' ),
		3 => array( 'read', 'edit_posts' ),
	);
	$names = array(
		1 => array( 'malin', 'Malin Larsen' ),
		2 => array( 'otto', 'Otto Berg' ),
		3 => array( 'eva', 'Eva Lind' ),
	);
	$users = array();
	$keys  = array();
	foreach ( $caps as $id => $may ) {
		list( $login, $name ) = $names[ $id ];
		$users[ $id ]         = array( 'login' => $login, 'name' => $name, 'email' => "$login@shop.example", 'caps' => $may );
		$keys[]               = array(
			'key_id'          => 10 + $id,
			'user_id'         => $id,
			'description'     => 1 === $id ? 'Doorstep - API (' . gmdate( 'Y-m-d H:i:s' ) . ')' : 'Something else',
			'permissions'     => 'read_write',
			'consumer_key'    => hash_hmac( 'sha256', 'ck_' . str_repeat( (string) $id, 40 ), 'wc-api' ),
			'consumer_secret' => 'cs_' . str_repeat( (string) $id, 40 ),
			'truncated_key'   => str_repeat( (string) $id, 7 ),
		);
	}
	return array(
		'options' => array(
			'permalink_structure' => array( 'value' => '/%postname%/', 'autoload' => 'on' ),
			'blogname'            => array( 'value' => 'Lumen Home', 'autoload' => 'on' ),
		),
		'users'   => $users,
		'tables'  => array( 'wp_woocommerce_api_keys' => $keys, 'wp_wc_webhooks' => array() ),
		'orders'  => array(),
	);
}
